"""Stands in for botocore."""


class _Unsigned:
    """As botocore's UNSIGNED."""


UNSIGNED = _Unsigned()
