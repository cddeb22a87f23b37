window.YTD.tweet.part0 = [ { "tweet" : {
  "entities" : { "hashtags" : [ ], "user_mentions" : [ ], "urls" : [ ], "media" : [ { "url" : "https://t.co/mmm", "media_url_https" : "https://pbs.example/media/AAA.jpg", "type" : "photo" } ] },
  "extended_entities" : { "media" : [
    { "url" : "https://t.co/mmm", "media_url_https" : "https://pbs.example/media/AAA.jpg", "type" : "photo", "ext_alt_text" : "A closed gate" },
    { "url" : "https://t.co/mmm", "media_url_https" : "https://pbs.example/thumb/BBB.jpg", "type" : "video", "video_info" : { "variants" : [
      { "bitrate" : "256000", "content_type" : "video/mp4", "url" : "https://video.example/vid/low.mp4?tag=10" },
      { "content_type" : "application/x-mpegURL", "url" : "https://video.example/pl/x.m3u8" },
      { "bitrate" : "832000", "content_type" : "video/mp4", "url" : "https://video.example/vid/high.mp4?tag=10" } ] } },
    { "url" : "https://t.co/mmm", "media_url_https" : "https://pbs.example/media/GONE.jpg", "type" : "photo" }
  ] },
  "id_str" : "1300000000000000001",
  "full_text" : "The gate, in pictures https://t.co/mmm",
  "created_at" : "Mon Aug 31 12:00:00 +0000 2020"
} }, { "tweet" : {
  "id_str" : "1300000000000000002",
  "in_reply_to_status_id_str" : "1300000000000000001",
  "in_reply_to_user_id_str" : "22",
  "in_reply_to_screen_name" : "CityOfMilbrook",
  "full_text" : "RT @neighbor: a text that was cut off by the platf…",
  "entities" : { "hashtags" : [ ], "user_mentions" : [ { "screen_name" : "neighbor", "id_str" : "77" } ], "urls" : [ ] },
  "created_at" : "Mon Aug 31 13:00:00 +0000 2020"
} } ];
