"""From what the user's function returns to JSON."""
