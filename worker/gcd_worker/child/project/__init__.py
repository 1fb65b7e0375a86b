"""The user's project: checked, imported, and made callable."""
