"""The `invalid` event: why a project cannot be run."""
import os
import traceback

from .messages import clip, event, with_project_paths

MAX_OUTPUT = 8 * 1024


class Invalid(Exception):
    """`error` is for programs, `message` and `hint` (may be None) are for people."""

    def __init__(self, error, message, hint=None):
        super().__init__(message)
        self.error = error
        self.message = message
        self.hint = hint

    def line(self, output=b''):
        """The event as a line; `output` is what importing has printed."""
        message = self.message
        printed = output.decode('utf-8', 'replace').strip()
        if printed:
            message += '\n\nIt had printed:\n' + clip(printed, MAX_OUTPUT)
        return event('invalid', error=self.error, message=with_project_paths(message), hint=self.hint)


def no_entrypoint(project):
    """entrypoint.py does not exist."""
    return Invalid(
        'no-entrypoint',
        'There is no entrypoint.py in %s.' % with_project_paths(project + '/')[:-1],
        'Add entrypoint.py with a function `def entrypoint(data_bucket, curr_process_file, curr_process_column)` '
        'that returns a dict.',
    )


def not_startable(project, error):
    """Python cannot be started in the folder."""
    if not os.path.isdir(project):
        return no_entrypoint(project)
    return Invalid('not-startable', 'Python cannot be started in %s: %s.' % (project, error))


def no_function(path):
    """The file has no such function."""
    return Invalid(
        'no-function',
        '%s has no function named `entrypoint`.' % path,
        'Add `def entrypoint(data_bucket, curr_process_file, curr_process_column):` that returns a dict.',
    )


def bad_syntax(error):
    """A syntax error, as Python shows it."""
    shown = ''.join(traceback.format_exception_only(type(error), error)).rstrip()
    return Invalid('syntax-error', 'The project has a syntax error:\n%s' % shown, 'Correct the line shown.')
