"""When each record expires, and why."""
