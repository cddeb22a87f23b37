"""Disposition: how records lawfully go, and how it is proved afterwards."""
