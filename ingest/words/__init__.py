"""The words in files that came with records, read out by machine so that they can be searched and reviewed."""
