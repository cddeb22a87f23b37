window.YTD.note_tweet.part0 = [
  { "noteTweet" : { "noteTweetId" : "9001", "updatedAt" : "2026-02-23T18:11:50.000Z", "createdAt" : "2026-02-23T18:11:50.000Z", "core" : { "text" : "The lead pipe program in plain words. Every home built before 1951 gets a letter, and a crew comes to look at the pipe where it enters the house, which takes half an hour and costs nothing at all, and then the city replaces its part of the pipe. You pay half of yours. More: https://t.co/xyz", "urls" : [ { "shortUrl" : "https://t.co/xyz", "expandedUrl" : "https://milbrook.example/lead" } ], "mentions" : [ ], "hashtags" : [ ] } } },
  { "noteTweet" : { "noteTweetId" : "9002", "createdAt" : "2026-02-24T10:00:00.000Z", "core" : { "text" : "A note that no post begins like.", "urls" : [ ] } } }
]
