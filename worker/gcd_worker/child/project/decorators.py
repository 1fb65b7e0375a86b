"""Parameters of functions behind decorators without functools.wraps, which only have *args and **kwargs."""
import dis
import functools
import inspect
import re
import types

MAX_DEPTH = 8
# Python's messages for a call that does not fit the signature.
_misfit = re.compile(
    r'unexpected keyword argument|required (?:positional|keyword-only) argument|positional arguments? but'
    r'|takes no (?:keyword )?arguments|multiple values for argument|positional-only arguments passed as keyword'
)
HINT = (
    'entrypoint is wrapped by a decorator that hides which arguments it takes: '
    'write @functools.wraps(function) above the function that the decorator returns.'
)


def parameters_of(function, fits):
    """(parameters to call a function with: its own, or those of the function that it wraps; whether that is unknown).

    `fits` returns whether all required parameters of a list can be given. The second value is true for a wrapper whose
    wrapped function was not found.
    """
    own = list(inspect.signature(function).parameters.values())
    if not _is_nameless(own):
        return own, False
    inside = list(_functions_in(function))
    fitting = [(one, parameters) for one, parameters in inside if fits(parameters)]
    called_so = [pair for pair in fitting if pair[0].__name__ == 'entrypoint']
    found = called_so or fitting
    adapted = _adapted(found[0][1], {parameter.kind for parameter in own}) if len(found) == 1 else None
    hides = adapted is None and _passes_on(function) and any(map(callable, _held_by(function)))
    return (own if adapted is None else adapted), hides


def with_hint(failure):
    """The failure; with a hint if it is a call that does not fit the signature."""
    if failure.kind == 'exception' and failure.type_name == 'TypeError' and _misfit.search(failure.message):
        failure.message += '\n' + HINT
    return failure


def _is_nameless(parameters):
    return bool(parameters) and all(one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in parameters)


def _adapted(parameters, kinds):
    """The parameters as a wrapper with these kinds of parameters can pass them; None if it cannot."""
    Parameter = inspect.Parameter
    if kinds == {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD}:
        return parameters
    by_name = kinds == {Parameter.VAR_KEYWORD}
    adapted = []
    for one in parameters:
        is_needed = one.default is one.empty
        if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD):
            if (one.kind is one.VAR_KEYWORD) == by_name:
                adapted.append(one)
        elif by_name and one.kind is not one.POSITIONAL_ONLY:
            adapted.append(one)
        elif not by_name and one.kind is not one.KEYWORD_ONLY:
            adapted.append(one.replace(kind=one.POSITIONAL_ONLY))
        elif is_needed:
            return None
    return adapted


def _functions_in(function, seen=None, depth=0):
    """(function, parameters) for each wrapped function with named parameters."""
    seen = set() if seen is None else seen
    if depth > MAX_DEPTH or not _passes_on(function):
        return
    for held in _held_by(function):
        if id(held) in seen or not callable(held) or isinstance(held, type):
            continue
        seen.add(id(held))
        try:
            parameters = list(inspect.signature(held).parameters.values())
        except (TypeError, ValueError):
            continue
        if _is_nameless(parameters):
            for pair in _functions_in(held, seen, depth + 1):
                yield pair
        elif isinstance(held, types.FunctionType):
            yield held, parameters


def _code_of(function):
    if isinstance(function, (types.FunctionType, types.MethodType)):
        return function.__code__
    if isinstance(function, functools.partial):
        return _code_of(function.func)
    return getattr(getattr(type(function), '__call__', None), '__code__', None)


def _passes_on(function):
    """Whether it contains a call with * or **."""
    code = _code_of(function)
    return code is not None and any(one.opname == 'CALL_FUNCTION_EX' for one in dis.get_instructions(code))


def _held_by(function):
    """Objects that a wrapper refers to, without the module's names."""
    if isinstance(function, functools.partial):
        return [function.func] + list(function.args) + list(_held_by(function.func))
    if isinstance(function, types.FunctionType):
        return [value for value in map(_content, function.__closure__ or ()) if value is not None]
    if isinstance(function, types.MethodType):
        return list(_held_by(function.__func__)) + list(getattr(function.__self__, '__dict__', {}).values())
    return list(getattr(function, '__dict__', {}).values())


def _content(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not yet filled
        return None
