"""The pure core, tested without a database or a page."""
