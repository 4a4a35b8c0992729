"""Claims about what happens when processes act at the same moment."""
