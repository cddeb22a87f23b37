"""Searches that are kept under a name, what changed between two runs, and the hit report."""
