"""Subscriber lists: one module per format, and the reader of tables that they share."""
