"""Archiving vendors' exports and any other table, read as a small mapping file says."""
