"""Backups in: containers, formats, and the pipeline that makes records of them."""
