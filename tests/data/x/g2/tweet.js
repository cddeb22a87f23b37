window.YTD.tweet.part0 = [ {
  "retweeted" : false,
  "entities" : { "hashtags" : [ ], "user_mentions" : [ ], "urls" : [ { "url" : "https://t.co/aaa", "expanded_url" : "https://milbrook.example/news?a=1&b=2", "display_url" : "milbrook.example/news", "indices" : [ "17", "40" ] } ] },
  "id_str" : "1100000000000000001",
  "favorite_count" : "4",
  "retweet_count" : "1",
  "full_text" : "Snow 🌨️ &lt;tonight&gt; https://t.co/aaa",
  "created_at" : "Wed Feb 27 18:00:01 +0000 2019"
} ]
