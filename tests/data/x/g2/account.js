window.YTD.account.part0 = [ { "accountId" : "22", "username" : "CityOfMilbrook", "accountDisplayName" : "City of Milbrook" } ]
