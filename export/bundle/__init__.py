"""The writers of a bundle: given released values, nothing else."""
