"""Stands in for botocore's exceptions."""


class CredentialRetrievalError(Exception):
    """As botocore's."""
