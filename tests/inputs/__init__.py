"""Claims about what may be asked for."""
