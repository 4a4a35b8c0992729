"""Whole journeys in Chromium, as people make them."""
