"""Tables of pandas, polars and pyarrow as columns of Python values. Types are recognised by name, without imports."""
from .bad_result import BadResult, type_name
from .record_types import is_of

# Name of a column without a name.
NAMELESS = 'value'


class Frame:
    """Names of columns (any values), and for each column a function that returns the list of its values."""

    def __init__(self, names, columns, length):
        self.names = names
        self.columns = columns
        self.length = length

    def rows(self):
        """Each row, as a tuple."""
        return zip(*(column() for column in self.columns)) if self.columns else ((),) * self.length


def frame_of(value):
    """The value as a Frame; None if it is none. Raises BadResult, and what the value's methods raise."""
    if is_of(value, 'pandas', 'DataFrame'):
        return _of_pandas(value)
    if is_of(value, 'polars', 'DataFrame'):
        names = list(value.columns)
        return Frame(names, [lambda name=name: value.get_column(name).to_list() for name in names], value.height)
    if is_of(value, 'pyarrow', 'Table', 'RecordBatch'):
        columns = range(value.num_columns)
        return Frame(_checked_unique(value, list(value.schema.names)), [lambda at=at: value.column(at).to_pylist() for at in columns], value.num_rows)
    return None


def _of_pandas(frame):
    labels, index = frame.columns, frame.index
    names = [joined(label) for label in labels] if labels.nlevels > 1 else list(labels)
    columns = [lambda at=at: frame.iloc[:, at].tolist() for at in range(len(names))]
    added, values = [], []
    for level, name in enumerate(index.names):
        column = index.get_level_values(level)
        if name is None:
            if index.nlevels == 1 and getattr(column.dtype, 'kind', '') in 'iu':
                # Row numbers of an earlier frame.
                continue
            name = 'index' if index.nlevels == 1 and 'index' not in names else 'level_%d' % level
        elif name in names and names.count(name) == 1 and column.tolist() == columns[names.index(name)]():
            continue
        added.append(joined(name) if isinstance(name, tuple) else name)
        values.append(column.tolist)
    return Frame(_checked_unique(frame, added + names), values + columns, len(frame))


def joined(label):
    """The names of all levels as one."""
    return '.'.join(str(part) for part in label if part is not None and part != '')


def _checked_unique(frame, names):
    seen = set()
    for name in names:
        if name in seen:
            raise BadResult(type_name(frame), 'The %s has two columns (or its index one) of the name %r. Rename one.' % (type(frame).__name__, name))
        seen.add(name)
    return names
