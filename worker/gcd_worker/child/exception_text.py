"""Exceptions as text for people: without the worker's own frames, and without raising."""
import os
import traceback

from .. import FOLDER
from ..protocol.messages import Failure

CALL_FILE = '<gcd-sfn>'
PROJECT_PACKAGE = 'gcd_sfn_project'


def _is_ours(filename):
    return (
        filename == CALL_FILE
        or filename.startswith(('<frozen importlib', FOLDER + os.sep))
        or filename.replace(os.sep, '/').endswith('/importlib/__init__.py')
    )


def trimmed_traceback(error):
    """Python's traceback of the exception, from the user's first frame on."""
    # Not error.__traceback__: the exception's class may override it.
    frames = BaseException.__traceback__.__get__(error)
    while frames is not None and _is_ours(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    try:
        text = ''.join(traceback.format_exception(type(error), error, frames))
    except BaseException:
        # The exception's methods may raise.
        text = '%s (its traceback cannot be printed)\n' % type(error).__name__
    return text.replace(PROJECT_PACKAGE + '.', '')


def text_of(error):
    """str(error), also if its __str__ raises."""
    try:
        return str(error).replace(PROJECT_PACKAGE + '.', '')
    except BaseException as worse:
        return '(the text of this %s cannot be read: its __str__ raised %s)' % (
            type(error).__name__,
            type(worse).__name__,
        )


def type_of(error):
    """The exception's type: bare for Python's and the project's own, with its module for a library's."""
    kind = type(error)
    module = str(getattr(kind, '__module__', None) or 'builtins')
    if module in ('builtins', '__main__', 'exceptions') or module.partition('.')[0] == PROJECT_PACKAGE:
        return kind.__qualname__
    return '%s.%s' % (module, kind.__qualname__)


def failure_of(error):
    """The Failure (exception) for an exception that a task has raised."""
    message = text_of(error)
    if isinstance(error, SystemExit):
        message = 'The task called sys.exit(%s).' % message
    elif isinstance(error, (KeyboardInterrupt, GeneratorExit)) and not message:
        message = 'The task raised %s.' % type(error).__name__
    return Failure('exception', type_of(error), message, trimmed_traceback(error))
