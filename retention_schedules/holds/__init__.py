"""Holds: what must be kept although its date has come, by order or because somebody asked for it."""
