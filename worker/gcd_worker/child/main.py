"""The child process: imports the user's project once, then runs task after task."""
import atexit
import faulthandler
import json
import os
import sys

from ..protocol import shared_memory
from ..protocol.invalid import Invalid
from ..protocol.messages import event, show_paths_as
from ..protocol.shared_memory import SharedMemory
from ..runtime.processes import children_of
from .batch_files import TableOptions
from .descriptors import flush_c_streams, move_up, new_streams, write_all
from .exception_text import failure_of
from .hooks import Hooks
from .process_state import ProcessState
from .project.load import load
from .project.signature import new_call
from .task_runner import TaskRunner
from .workdir.output_files import OutputFiles
from .workdir.working_directory import WorkingDirectory

_decode = json.JSONDecoder().decode


def run(descriptors, startup_modules):
    """Runs the child; never returns. `descriptors`: of orders, records and the shared memory."""
    orders, records, shared = descriptors
    shared_page = SharedMemory(shared)
    os.close(shared)
    orders, records = move_up(orders), move_up(records)
    capture, nothing = move_up(os.dup(1)), move_up(os.dup(0))
    new_streams()
    faulthandler.enable(capture)
    if shared_memory.DUMP_SIGNAL is not None:
        faulthandler.register(shared_memory.DUMP_SIGNAL, file=capture, all_threads=True)
    lines = _lines(orders)
    settings = _decode(next(lines).decode())
    me = os.getpid()
    hooks = Hooks()
    directory = WorkingDirectory(settings['project'], settings['working_directory']) if settings.get('working_directory') else None
    home = settings['project'] if directory is None else directory.path
    tables = TableOptions()
    try:
        if directory is not None:
            show_paths_as(home, settings['project'])
            directory.create()
            os.chdir(home)
        function = load(home, startup_modules)
        call = new_call(function, dict(settings.get('arguments') or {}, output_dir=home), tables.of)
        if directory is not None and os.getpid() == me:
            directory.keep_imported_files()
    except Invalid as invalid:
        _exit_if_forked(me)
        flush_c_streams()
        write_all(records, invalid.line())
        os._exit(0)
    _exit_if_forked(me)
    state = ProcessState(capture, nothing, hooks)
    state.move_up(move_up)
    tasks = TaskRunner(settings, call, state, shared_page, records, OutputFiles(settings, directory))
    # Daemons of importing may live as long as this process: see Limits.sweep.
    write_all(records, event('ready', daemons=children_of(os.getppid())))
    try:
        for line in lines:
            batch = _decode(line.decode())
            tasks.data.begin(batch.get('data'))
            tables.begin(batch.get('tables'))
            tasks.run(batch['batch'], batch['tasks'])
    except BaseException as error:
        # A thread that a task has left running raises exceptions in this one.
        sys.__stderr__.write(failure_of(error).traceback)
        shared_page.integers[shared_memory.REASON] = shared_memory.INTERRUPTED
        os._exit(1)
    try:
        atexit._run_exitfuncs()
    finally:
        os._exit(0)


def _exit_if_forked(me):
    """Exits in a copy that importing the project has forked: only one child may answer."""
    if os.getpid() != me:
        os._exit(0)


def _lines(descriptor, read=os.read):
    """The lines that arrive on a descriptor, until its end."""
    rest = b''
    while True:
        data = read(descriptor, 1 << 20)
        if not data:
            return
        *lines, rest = (rest + data).split(b'\n')
        yield from lines
