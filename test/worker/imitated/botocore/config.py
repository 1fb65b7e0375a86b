"""Stands in for botocore's Config."""


class Config:
    """Remembers what it is given."""

    def __init__(self, **settings):
        self.settings = settings
