"""A result as one row or several rows of a table."""
import collections.abc

from . import dataframes, record_types
from .bad_result import HINT, BadResult, type_name

_FRAME = 'return pandas\' own frame, or save it as a file in output_dir: it is kept in results/files.'
_HINTS = {
    'NoneType': 'it returned None; is a `return` missing?',
    'coroutine': 'it returned a coroutine; entrypoint must not be async.',
    'async_generator': 'it returned an async generator; entrypoint must not be async.',
    'LazyFrame': 'it returned a LazyFrame; return `frame.collect()`.',
    'DataFrame': 'it returned a DataFrame of a library that is not known here; ' + _FRAME,
    'ndarray': 'it returned an array, which has no names; return it in a dict, such as {"values": array}.',
}


def one_row(result):
    """The fields of a result that is one row, as pairs; None if it is none."""
    if isinstance(result, tuple) and hasattr(result, '_asdict'):
        return result._asdict().items()
    if isinstance(result, type):
        return None
    if record_types.is_of(result, 'xarray', 'Dataset', 'DataArray'):
        return None if result.dims else _scalars(result)
    if isinstance(result, collections.abc.Mapping):
        return result.items()
    if record_types.is_of(result, 'pandas', 'Series'):
        return _labelled(result)
    return record_types.fields_of(result)


def frame_of(result):
    """The Frame of a result that is a library's table or converts to one; None if it is none."""
    if record_types.is_of(result, 'pandas', 'Series'):
        return dataframes.frame_of(result.to_frame(dataframes.NAMELESS) if result.name is None else result.to_frame())
    if record_types.is_of(result, 'polars', 'Series'):
        return dataframes.Frame([result.name or dataframes.NAMELESS], [result.to_list], len(result))
    if record_types.is_of(result, 'xarray', 'Dataset'):
        return dataframes.frame_of(result.to_dataframe())
    if record_types.is_of(result, 'xarray', 'DataArray'):
        return dataframes.frame_of(result.to_dataframe(name=dataframes.NAMELESS if result.name is None else result.name))
    names = getattr(getattr(result, 'dtype', None), 'names', None)
    if names and getattr(result, 'ndim', None) == 1:
        return dataframes.Frame(list(names), [lambda name=name: list(result[name]) for name in names], len(result))
    return dataframes.frame_of(result)


def several(result):
    """Whether the result may be a sequence of rows, perhaps empty."""
    if isinstance(result, (str, bytes, bytearray, memoryview, collections.abc.Mapping)):
        return False
    return isinstance(result, (collections.abc.Sequence, collections.abc.Iterator, collections.abc.ValuesView))


def no_row(result, number=None):
    """The BadResult for a result, or its element `number`, that is no row."""
    name = type(result).__name__
    if number is not None:
        what = 'element %d of what it returned is of type %s.' % (number, type_name(result))
        if name in ('DataFrame', 'Series'):
            what += ' Put frames together with `concat`.'
    else:
        what = _HINTS.get(name, 'it returned a value of type %s.' % type_name(result))
    return BadResult(type_name(result), 'entrypoint must return a dict (one row of results) or a list of dicts (several): %s %s' % (what, HINT))


def _labelled(series):
    """The fields of a pandas Series whose labels are text; None for one that is a column."""
    labels = list(series.index)
    if not labels or not all(_is_text(label) for label in labels):
        return None
    names = [dataframes.joined(label) if isinstance(label, tuple) else label for label in labels]
    return zip(names, series.tolist())


def _is_text(label):
    return isinstance(label, str) or isinstance(label, tuple) and all(isinstance(part, str) for part in label)


def _scalars(result):
    """The fields of xarray's Dataset or DataArray without dimensions."""
    fields = [(name, result.coords[name].values) for name in result.coords]
    if record_types.is_of(result, 'xarray', 'Dataset'):
        return fields + [(name, result[name].values) for name in result.data_vars]
    return fields + [(dataframes.NAMELESS if result.name is None else result.name, result.values)]
