"""Feeds one supervisor with the tasks of a batch, whose data files it fetches."""
