"""Readers of messaging services: chats, channels, texts and calls."""
