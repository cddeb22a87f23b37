"""Accounts of the city on every other platform that Muniment reads: a small life and two or three backups each."""
