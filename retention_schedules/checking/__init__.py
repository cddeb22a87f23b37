"""Schedule files before they are adopted: what is wrong with them, and what they would change."""
