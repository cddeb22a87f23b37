"""The request log, and answers to lists of posts said to be missing."""
