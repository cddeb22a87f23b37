"""Where a request stands: status, clock, custodians, tasks given to departments."""
