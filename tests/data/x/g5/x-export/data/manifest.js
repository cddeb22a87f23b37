window.__THAR_CONFIG = {
  "userInfo" : { "accountId" : "22", "userName" : "CityOfMilbrook", "displayName" : "City of Milbrook" },
  "archiveInfo" : { "sizeBytes" : "1000", "generationDate" : "2026-03-01T15:30:00.000Z", "isPartialArchive" : false, "maxPartSizeBytes" : "53687091200" },
  "dataTypes" : {
    "tweets" : { "mediaDirectory" : "data/tweets_media", "files" : [ { "fileName" : "data/tweets.js", "globalName" : "YTD.tweets.part0", "count" : "4" }, { "fileName" : "data/tweets-part1.js", "globalName" : "YTD.tweets.part1", "count" : "1" } ] },
    "follower" : { "files" : [ { "fileName" : "data/follower.js", "globalName" : "YTD.follower.part0", "count" : "2" } ] },
    "directMessages" : { "files" : [ { "fileName" : "data/direct-messages.js", "globalName" : "YTD.direct_messages.part0", "count" : "1" } ] },
    "profile" : { "files" : [ { "fileName" : "data/profile.js", "globalName" : "YTD.profile.part0", "count" : "1" } ] }
  }
}
