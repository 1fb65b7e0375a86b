"""The exception for a result that cannot become rows of a table, and its messages."""

HINT = 'Return a dict of numbers, texts, dates, or lists and dicts of those.'


class BadResult(Exception):
    """The message says what the result is, and what to return."""

    def __init__(self, type_name, message):
        super().__init__(message)
        self.type_name = type_name


def type_name(value):
    """The name of the value's type; with its module unless it is a builtin."""
    kind = type(value)
    module = str(getattr(kind, '__module__', 'builtins'))
    return kind.__qualname__ if module == 'builtins' else '%s.%s' % (module, kind.__qualname__)


def unreadable_value(path, value, error):
    """The message for a value whose own methods raise."""
    try:
        text = str(error)
    except BaseException:
        text = 'and its text cannot be read'
    return '%s, of type %s, cannot be read: %s: %s. %s' % (path, type_name(value), type(error).__name__, text, HINT)
