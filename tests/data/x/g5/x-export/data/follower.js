window.YTD.follower.part0 = [
  { "follower" : { "accountId" : "901", "userLink" : "https://x.com/intent/user?user_id=901" } },
  { "follower" : { "accountId" : "902", "userLink" : "https://x.com/intent/user?user_id=902" } }
]
