var user_details =  {
  "expanded_url" : "https://milbrook.example",
  "screen_name" : "CityOfMilbrook",
  "full_name" : "City of Milbrook",
  "id" : "22",
  "created_at" : "2009-04-02 15:00:00 +0000"
}
