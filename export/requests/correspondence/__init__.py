"""What was written and said about a request: notes, files, letters."""
