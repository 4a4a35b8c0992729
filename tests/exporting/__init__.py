"""Claims about files that other programs read."""
