window.YTD.ip_audit.part0 = [ { "ipAudit" : { "accountId" : "22", "loginIp" : "203.0.113.77" } } ]
