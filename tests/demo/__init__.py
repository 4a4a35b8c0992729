"""The demonstration, held to what a newcomer should find in it."""
