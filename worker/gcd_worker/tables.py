"""How pandas reads the files of a batch."""


class Tables:
    """Keyword arguments of pandas.read_csv, by file."""

    def __init__(self):
        self._all, self._of = (None,), {}

    def begin(self, told):
        """A batch begins: `tables` of its line (PROTOCOL.md), or None."""
        self._all, self._of = (told['all'], told['of']) if told else ((None,), {})

    def of(self, file):
        """Those of a file, to be changed at will; None: it is no table."""
        of = self._of
        found = self._all[of.get(file, 0) if of else 0]
        if found is None:
            return None
        return {name: list(value) if type(value) is list else value for name, value in found.items()}
