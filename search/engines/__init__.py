"""Search engines: they hold postings and nothing else."""
