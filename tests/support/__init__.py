"""What tests share: databases, the clock, checked pages, the browser."""
