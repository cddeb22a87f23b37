"""Ingestors of social platforms, one module a format."""
