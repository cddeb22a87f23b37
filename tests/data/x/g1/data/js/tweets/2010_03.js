Grailbird.data.tweets_2010_03 = 
 [ {
  "source" : "web",
  "entities" : { "user_mentions" : [ { "name" : "A Neighbor", "screen_name" : "neighbor", "indices" : [ 0, 9 ], "id_str" : "77", "id" : 77 } ], "media" : [ ], "hashtags" : [ { "text" : "pool", "indices" : [ 20, 25 ] } ], "urls" : [ ] },
  "geo" : { },
  "id_str" : "10500000001",
  "text" : "@neighbor see you at #pool &amp; park",
  "id" : 10500000001,
  "in_reply_to_status_id_str" : "10499999999",
  "created_at" : "2010-03-15 00:00:00 +0000",
  "user" : { "name" : "City of Milbrook", "screen_name" : "CityOfMilbrook", "protected" : false, "id_str" : "22", "id" : 22 }
}, {
  "id" : 9007199254740993001,
  "text" : "An old item with a number for an id",
  "created_at" : "2010-03-14 00:00:00 +0000",
  "entities" : { "user_mentions" : [ ], "media" : [ ], "hashtags" : [ ], "urls" : [ ] },
  "user" : { "name" : "City of Milbrook", "screen_name" : "CityOfMilbrook", "id_str" : "22", "id" : 22 },
  "retweeted_status" : { "id_str" : "8000000001", "text" : "An old item", "user" : { "screen_name" : "somebody" } }
} ]
