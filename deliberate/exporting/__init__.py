"""Results as files that other programs read, safely and without loss."""
