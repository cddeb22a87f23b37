"""Websites: feeds, WordPress exports, captures of pages."""
