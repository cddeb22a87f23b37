// e-mail addresses and devices taken out before handing over
window.YTD.tweets.part0 = [
  {
    tweet: {
      id_str: "2028832766161846272",
      full_text: 'Council said "yes": the pool opens on Sunday',
      created_at: "Tue Mar 03 14:00:00 +0000 2026",
      source: "redacted",
      entities: { hashtags: [], user_mentions: [], urls: [] },
      favorite_count: "0",
      retweet_count: "0",
    },
  },
  /* {
    tweet: { id_str: "2028832766161846999", full_text: "somebody took this one out" },
  }, */
  {
    tweet: {
      id_str: "2028838302643126272",
      full_text: "It's open",
      created_at: "Tue Mar 03 14:22:00 +0000 2026",
      in_reply_to_status_id: 2028832766161846272,
      in_reply_to_status_id_str: "2028832766161846272",
      entities: { hashtags: [{ text: "pool", indices: [0, 1] }], user_mentions: [], urls: [] },
      favorite_count: "5",
    },
  },
  {
    tweet: {
      id_str: "2028838302643126999",
      full_text: redacted,
      created_at: "Tue Mar 03 14:30:00 +0000 2026",
    },
  },
];
