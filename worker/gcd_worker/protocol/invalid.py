"""Why a project cannot be run: the fields of the `invalid` event."""
import os
import traceback

from .messages import clip, event, with_project_paths

LONGEST_OUTPUT = 8 * 1024


class Invalid(Exception):
    """`error` is a word for programs, `message` and `hint` are for people; `hint` may be None."""

    def __init__(self, error, message, hint=None):
        super().__init__(message)
        self.error = error
        self.message = message
        self.hint = hint

    def line(self, output=b''):
        """The event, as a line; with what was printed while importing, if anything was."""
        message = self.message
        printed = output.decode('utf-8', 'replace').strip()
        if printed:
            message += '\n\nIt had printed:\n' + clip(printed, LONGEST_OUTPUT)
        return event('invalid', error=self.error, message=with_project_paths(message), hint=self.hint)


def no_entrypoint(project):
    """There is no file entrypoint.py."""
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
    """A file that Python cannot parse, shown as Python shows it."""
    shown = ''.join(traceback.format_exception_only(type(error), error)).rstrip()
    return Invalid('syntax-error', 'The project has a syntax error:\n%s' % shown, 'Correct the line shown.')
