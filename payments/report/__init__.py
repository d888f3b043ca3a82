"""The shop's day, shift or month in figures."""
