"""A fictional city: its backups in the platforms' real formats, and the truth about them."""
