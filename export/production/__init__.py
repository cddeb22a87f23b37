"""Productions: what goes out under which number, staged as released values for the bundle's writers."""
