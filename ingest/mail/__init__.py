"""Ingestors of e-mail, one module a format."""
