"""Measurements: figures against a named peer in the same run, never assertions."""
