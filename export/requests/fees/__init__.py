"""Fees: what may be charged for a request, what was asked, what was paid."""
