"""The shop as a page."""
