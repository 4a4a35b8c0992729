"""What holds for the whole of the source: size, documentation, layers, style, provenance."""
