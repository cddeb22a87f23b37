"""Records requests: their register, collected sets, clock, fees, letters and log."""
