"""Good tasks among tasks that do to their worker whatever can be done. The column names what its task does."""
from zlib import crc32

from . import deeper, ends, files_left, hangs, leaves, memory, prints, raises, returns, surroundings
from .sound import check

ACTS = {}
for module in (deeper, ends, files_left, hangs, leaves, memory, prints, raises, returns, surroundings):
    ACTS.update((name, act) for name, act in vars(module).items() if getattr(act, '__module__', '') == module.__name__)


def entrypoint(curr_process_file, curr_process_column, data_file, attempt):
    print('said by', curr_process_file, curr_process_column)
    row = {'file': curr_process_file, 'column': curr_process_column, 'value': crc32(curr_process_column.encode())}
    if curr_process_column.startswith('good'):
        check()
        return row
    act = ACTS[curr_process_column]
    value = act()
    if act.__module__ == returns.__name__:
        return value
    return row
