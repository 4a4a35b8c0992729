"""Pages: seven journeys, each in its own package, and what they share."""
