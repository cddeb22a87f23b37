"""Burning over: bytes in, bytes out, with nothing left underneath."""
