"""Fields of record types: dataclasses, attrs, pydantic, msgspec and others. Recognised by attributes, without imports."""
import dataclasses
import types


def fields_of(value):
    """The fields of a record as pairs; None if it is none. Raises what the value's methods raise."""
    kind = type(value)
    if dataclasses.is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, types.SimpleNamespace) or is_of(value, 'argparse', 'Namespace'):
        return list(vars(value).items())
    if hasattr(kind, '__attrs_attrs__'):
        # Attributes that __init__ has not set have no value.
        names = [attribute.name for attribute in kind.__attrs_attrs__]
        return [(name, getattr(value, name)) for name in names if hasattr(value, name)]
    for fields, dump in (('model_fields', 'model_dump'), ('__pydantic_fields__', 'model_dump'), ('__fields__', 'dict')):
        # pydantic 2, and 1
        if isinstance(getattr(kind, fields, None), dict) and callable(getattr(kind, dump, None)):
            dumped = getattr(value, dump)()
            return list(dumped.items()) if isinstance(dumped, dict) else None
    if isinstance(getattr(kind, '__struct_fields__', None), tuple):
        # msgspec
        return [(name, getattr(value, name)) for name in kind.__struct_fields__]
    if is_of(value, 'sqlite3', 'Row'):
        return [(name, value[name]) for name in value.keys()]
    names = getattr(getattr(value, 'dtype', None), 'names', None)
    if names and getattr(value, 'ndim', None) == 0:
        # a row of a structured numpy array
        return [(name, value[name]) for name in names]
    return None


def has_root(value):
    """Whether it is a pydantic model of a single value."""
    return is_of(value, 'pydantic', 'RootModel')


def is_of(value, library, *names):
    """Whether the value's class, or a base class, is of the library and has one of the names."""
    return any(
        base.__name__ in names and str(getattr(base, '__module__', '')).partition('.')[0] == library
        for base in type(value).__mro__
    )
