window.YTD.direct_messages_group.part0 = [ { "dmConversation" : { "conversationId" : "600", "messages" : [
  { "participantsLeave" : { "userIds" : [ "78" ], "createdAt" : "2026-02-03T12:00:00.000Z" } },
  { "conversationNameUpdate" : { "initiatingUserId" : "22", "name" : "Pool crew", "createdAt" : "2026-02-03T11:00:00.000Z" } },
  { "messageCreate" : { "reactions" : [ ], "urls" : [ ], "text" : "Hello all", "mediaUrls" : [ ], "senderId" : "78", "id" : "601", "createdAt" : "2026-02-03T10:00:00.000Z" } },
  { "joinConversation" : { "initiatingUserId" : "22", "participantsSnapshot" : [ "22", "77", "78" ], "createdAt" : "2026-02-03T09:00:00.000Z" } }
] } } ]
