window.YTD.account.part0 = [
  {
    account: {
      accountId: "22",
      username: "CityOfMilbrook",
      accountDisplayName: "City of Milbrook",
      email: "redacted",
    },
  },
];
