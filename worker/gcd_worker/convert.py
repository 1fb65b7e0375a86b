"""A task's result to JSON: by `json`'s C code where that can write it, else after converting it (plain.py)."""
import collections.abc
import dataclasses
import json
import sys

from .plain import ADVICE, BadResult, misbehaved, plain, type_name

try:
    from json.encoder import c_make_encoder, encode_basestring_ascii
except ImportError:  # an interpreter without json's accelerator
    c_make_encoder = None

# Of JSON: a result is a row of a table, and must fit into the memory of those who read it.
LONGEST = 256 * 1024 * 1024

_encode = json.JSONEncoder(separators=(',', ':'), allow_nan=False).encode


def _new_fast_encoder():
    """`json`'s own C encoder, made once: json.dumps makes one for every call, which doubles its time."""
    if c_make_encoder is None:
        return _encode
    try:
        make = c_make_encoder({}, None, encode_basestring_ascii, None, ':', ',', False, False, False)
    except TypeError:  # not public, so it may change
        return _encode
    join = ''.join
    return lambda value: join(make(value, 0))


_fast = _new_fast_encoder()


def encode(result):
    """The result as JSON text; raises BadResult. Whatever the result's own methods raise becomes that, too."""
    global _fast
    if isinstance(result, dict):
        try:
            text = _fast(result)
            if len(text) <= LONGEST:
                return text
        except BaseException:
            # The C encoder remembers the containers that it was in.
            _fast = _new_fast_encoder()
    return _encode_slowly(result)


def _encode_slowly(result):
    digits = getattr(sys, 'get_int_max_str_digits', lambda: None)()
    if digits is not None:
        sys.set_int_max_str_digits(0)
    try:
        text = _encode(_row(result))
    except BadResult:
        raise
    except RecursionError:
        raise BadResult(type_name(result), 'The result is nested too deeply. ' + ADVICE) from None
    except BaseException as error:
        raise BadResult(type_name(result), misbehaved('The result', result, error)) from None
    finally:
        if digits is not None:
            sys.set_int_max_str_digits(digits)
    if len(text) > LONGEST:
        raise BadResult(
            type_name(result),
            'The result is %d MiB of JSON; a row may have at most %d MiB. '
            'Save what is large as a file in output_dir: it is kept in results/files.' % (len(text) >> 20, LONGEST >> 20),
        )
    return text


_hints = {
    'NoneType': 'it returned None; is a `return` missing?',
    'coroutine': 'it returned a coroutine; entrypoint must not be async.',
    'generator': 'it returned a generator; use `return`, not `yield`.',
    'DataFrame': 'it returned a DataFrame; return the values of one row, or save the frame as a file in output_dir: it is kept in results/files.',
    'Series': 'it returned a Series; return `series.to_dict()`.',
}


def _row(result):
    """The whole result as a plain dict: it is one row, so its values must have names."""
    if isinstance(result, tuple) and hasattr(result, '_asdict'):
        result = result._asdict()
    is_row = dataclasses.is_dataclass(result) and not isinstance(result, type)
    if is_row or isinstance(result, collections.abc.Mapping):
        return plain(result, 'result', (), 0)
    hint = _hints.get(type(result).__name__, 'it returned a value of type %s.' % type_name(result))
    raise BadResult(
        type_name(result), 'entrypoint must return a dict (one row of results): %s %s' % (hint, ADVICE)
    )
