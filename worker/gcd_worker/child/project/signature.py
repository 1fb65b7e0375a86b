"""Makes a call of the user's function that passes the arguments of its signature."""
import inspect

from ...protocol.invalid import Invalid
from ..exception_text import CALL_FILE
from .decorators import parameters_of

# Arguments that are the same for every task; their values come with the settings.
PER_RUN = ('data_bucket', 'aws_access_key', 'aws_secret_access_key', 'aws_region', 'solver_name', 'solver_file')
# Arguments that differ by task, with their expressions in the call below.
PER_TASK = {
    'curr_process_file': 'file',
    'curr_process_column': 'column',
    'data_file': 'data_file',
    'table': 'table(file)',
    'task_id': 'task',
    'attempt': 'attempt',
}
# In the order of messages.
KNOWN = ('data_bucket', 'curr_process_file', 'curr_process_column') + PER_RUN[1:] + ('data_file', 'table', 'output_dir', 'task_id', 'attempt')


def new_call(function, arguments, table=None):
    """A function (file, column, data_file, task, attempt) that calls the user's with the arguments that it accepts.

    `table(file)` is how pandas reads a file; called only if the function accepts it. `hides_parameters` of the call is true
    if the user's function is a wrapper whose wrapped function was not found. The call is compiled for the signature: it does
    no lookups per task.
    """
    positional, named, hides = _accepted(function)
    values = {'entrypoint': function, 'table': table}
    parts = []
    for name in positional + named:
        value = PER_TASK.get(name)
        if value is None:
            value = 'fixed_' + name
            # Functions of the predecessor may have a leading user_id, which has no meaning here.
            values[value] = '' if name == 'user_id' else arguments.get(name)
        parts.append(value if name in positional else '%s=%s' % (name, value))
    source = 'lambda file, column, data_file, task, attempt: entrypoint(%s)' % ', '.join(parts)
    call = eval(compile(source, CALL_FILE, 'eval'), values)
    call.hides_parameters = hides
    return call


def _accepted(function):
    """(names to pass by position, names to pass by keyword, hides_parameters); raises Invalid."""
    _refuse_unfit(function)
    try:
        parameters, hides = parameters_of(function, lambda parameters: not _names(parameters)[2])
    except (TypeError, ValueError) as error:
        raise Invalid('wrong-signature', 'The signature of `entrypoint` cannot be read: %s' % error) from None
    positional, named, unknown = _names(parameters)
    if unknown:
        raise _unknown(unknown)
    return positional, [name for name in named if name not in positional], hides


def _names(parameters):
    """(names to pass by position, names to pass by keyword, required names that are unknown)."""
    positional, named, unknown = [], [], []
    gap = False
    for parameter in parameters:
        name = parameter.name
        known = name in KNOWN or name == 'user_id'
        if parameter.kind is parameter.VAR_KEYWORD:
            named += [other for other in KNOWN if other not in named]
        elif parameter.kind is parameter.VAR_POSITIONAL:
            continue
        elif not known:
            if parameter.default is parameter.empty:
                unknown.append(name)
            gap = gap or parameter.kind is parameter.POSITIONAL_ONLY
        elif parameter.kind is not parameter.POSITIONAL_ONLY:
            named.append(name)
        elif not gap:
            # After an optional one that is not passed, none can be passed by position.
            positional.append(name)
        elif parameter.default is parameter.empty:
            unknown.append(name)
    return positional, named, unknown


def _refuse_unfit(function):
    if not callable(function):
        raise Invalid(
            'not-callable',
            '`entrypoint` in entrypoint.py is no function but a value of type %s.' % type(function).__name__,
            'Define it with `def entrypoint(data_bucket, curr_process_file, curr_process_column):`.',
        )
    tests = (inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isgeneratorfunction)
    targets = (function, getattr(type(function), '__call__', None), getattr(function, 'func', None))
    for test, kind in zip(tests, ('async function', 'async generator', 'generator')):
        if any(target is not None and test(target) for target in targets):
            raise Invalid(
                'wrong-signature',
                '`entrypoint` is a%s %s; it must be a plain function that returns a dict.'
                % ('n' if kind[0] == 'a' else '', kind),
                'Use `asyncio.run(...)` inside a plain function.' if kind[0] == 'a' else 'Use `return`, not `yield`.',
            )


def _unknown(names):
    several = len(names) > 1
    return Invalid(
        'wrong-signature',
        '`entrypoint` requires %s, which gcd-sfn does not know.\nIt can give: %s.'
        % (' and '.join('`%s`' % name for name in names), ', '.join(KNOWN)),
        'Remove %s, or give %s.' % (('them', 'them defaults') if several else ('it', 'it a default')),
    )
