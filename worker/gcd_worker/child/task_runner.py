"""Runs the tasks of a batch one after the other: the worker's hot path."""
import errno
import os
import sys
from os import getpid, write
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import monotonic

from ..protocol import shared_memory
from ..protocol.messages import SUCCEEDED, Failure, attempt_event, batch_event, failed_record, quote
from ..protocol.shared_memory import CPU, FINISHED, MONOTONIC, REASON, STARTED, STOP, WALL
from ..runtime.wall_clock import wall_clock
from .batch_files import DataPaths
from .descriptors import flush_c_streams, move_up, write_all
from .exception_text import failure_of, text_of, trimmed_traceback
from .process_state import NotRestorable
from .project.decorators import with_hint
from .results.encode_result import encode
from .results.json_values import BadResult

# Seconds; after a longer task, `ProcessState.thorough` costs little in comparison.
LONG_TASK = 0.001
# Seconds; the peak of the memory is reset at most this often.
RESET_EVERY = 0.05
# At most so many values that became text are named.
MAX_NAMED = 5
MEMORY_UNIT = 1 if sys.platform == 'darwin' else 1024


class TaskRunner:
    """Runs the tasks of one child. `records` is the descriptor for records."""

    def __init__(self, settings, call, state, shared_page, records, outputs):
        self.call = call
        self.state = state
        self.page = shared_page
        self.records = records
        self.outputs = outputs
        self.marker = settings['marker'].encode()
        self.max_attempts = settings.get('max_attempts') or 1
        self.retry_exceptions = settings.get('retry_exceptions') or 1
        self.memory_limit = settings.get('memory')
        self.data = DataPaths(settings.get('data_root'))
        # With keep_output, C code's buffers are flushed after each task, before the next marker.
        self.long = -1 if settings.get('keep_output') else LONG_TASK
        # Bound here: packages that freeze the time replace the functions of modules.
        self.now, self.monotonic = wall_clock(settings['clock_offset']), monotonic
        self.me = getpid()
        self.started = 0
        self.batches = 0
        self.child_cpu = 0.0
        self.reset_at = 0.0
        try:
            self.reset = move_up(os.open('/proc/self/clear_refs', os.O_WRONLY | os.O_CLOEXEC))
        except OSError:  # not Linux, or not allowed: peaks are those of the child's life
            self.reset = None

    def run(self, number, tasks):
        """Runs a batch and writes its records and its event. A task to be retried is appended to `tasks`."""
        integers, doubles, marker, records = self.page.integers, self.page.doubles, self.marker, self.records
        call, capture, me, started = self.call, self.state.capture, self.me, self.started
        now, monotonic = self.now, self.monotonic
        find_data = self.data.path if self.data.root is not None else None
        hooks, quick, long = self.state.hooks, self.state.quick, self.long
        noticed = self.outputs.noticed
        as_text = {}
        data_file = None
        self.batches = batch = self.batches + 1
        succeeded = failed = 0
        not_run = len(tasks)
        usage = getrusage(RUSAGE_SELF)
        cpu = usage[0] + usage[1]
        for index, task, file, column, *counted in tasks:
            if integers[STOP] >= batch:
                break
            attempt = counted[0] + 1 if counted else 1
            started += 1
            write(capture, b'%b%012d\n' % (marker, started))
            start = now()
            if start - self.reset_at > RESET_EVERY:
                self.reset_peak(start)
            doubles[WALL] = start
            doubles[CPU] = cpu
            doubles[MONOTONIC] = began = monotonic()
            integers[STARTED] = started
            try:
                if find_data is not None:
                    data_file = find_data(file)
                text = encode(call(file, column, data_file, task, attempt), as_text)
                failure = None
                if as_text:
                    text += self.note_texts(as_text)
            except BaseException as error:
                failure = self.failure(error)
            if getpid() != me:
                exit_forked_copy(failure)
            end = start + monotonic() - began
            usage = getrusage(RUSAGE_SELF)
            used = -cpu
            cpu = usage[0] + usage[1]
            used += cpu
            integers[FINISHED] = started
            files = None
            if failure is None and not hooks.called and 0 <= end - start < long and not noticed():
                sound = True
            else:
                used += self.new_child_cpu()
                sound = self.restore(failure)
                files, refused, is_sound = self.collect(end - start, failure is None)
                failure, sound = failure or refused, sound and is_sound
            if sound:
                try:
                    quick()
                except BaseException as error:
                    sound = self.restore_after(error)
            if failure is None:
                succeeded += 1
                not_run -= 1
                if files:
                    text += files
                line = (
                    SUCCEEDED % (index, quote(task), attempt, start, end, used, usage[2] * MEMORY_UNIT, text)
                ).encode()
                text = None
            elif attempt < self.attempts(failure):
                line = attempt_event(index, task, attempt, failure)
                tasks.append((index, task, file, column, attempt))
            else:
                failed += 1
                not_run -= 1
                line = failed_record(
                    index, task, attempt, start, end, used, usage[2] * MEMORY_UNIT, failure
                )
            try:
                written = write(records, line)
                if written != len(line):
                    write_all(records, line[written:])
            except OSError:
                self.leave(shared_memory.CHANNEL_LOST)
            if not sound:
                self.leave(shared_memory.RENEW)
            if files:
                self.outputs.wait_for_room(lambda: integers[STOP] >= batch)
        self.started = started
        write_all(records, batch_event(number, succeeded, failed, not_run))

    def attempts(self, failure):
        """Maximum attempts of a task with this failure."""
        if failure.kind == 'exception':
            return self.retry_exceptions
        return self.max_attempts if failure.kind == 'out-of-memory' else 1

    def failure(self, error):
        """The Failure for an exception that came out of the task."""
        if getpid() != self.me:
            exit_forked_copy(error)
        if isinstance(error, Failure):
            return error
        if isinstance(error, BadResult):
            return Failure('bad-result', error.type_name, str(error))
        if isinstance(error, MemoryError) and self.memory_limit:
            # The refused allocation never became resident: the peak may be far below the limit.
            sizes = (self.memory_limit >> 20, getrusage(RUSAGE_SELF)[2] * MEMORY_UNIT >> 20)
            message = 'The task ran out of memory; a worker may use %d MiB (memory_per_worker); its peak was %d MiB.' % sizes
            text = text_of(error)
            return Failure('out-of-memory', 'MemoryError', message + (' ' + text if text else ''), trimmed_traceback(error))
        failure = self.data.lost(error) or failure_of(error)
        return with_hint(failure) if self.call.hides_parameters else failure

    def restore(self, failure):
        """Restores the process thoroughly; whether it may run another task."""
        try:
            flush_c_streams()
            self.state.thorough()
        except NotRestorable:
            return False
        except BaseException as error:
            return self.restore_after(error)
        # After a task has run out of memory, the heap is fragmented.
        return failure is None or failure.kind != 'out-of-memory'

    def collect(self, seconds, succeeded):
        """Keeps or removes the files that the task has left, see OutputFiles.collect."""
        try:
            return self.outputs.collect(seconds, succeeded, self.say)
        except BaseException as error:
            # A thread that the task has left running.
            failure = Failure('bad-result', type(error).__name__, 'The files of the task cannot be kept: %s' % text_of(error))
            return '', failure if succeeded else None, False

    def note_texts(self, as_text):
        """Prints which values became text; returns the record's `texts`."""
        named_columns = {column: kind for column, (_, kind) in list(as_text.items())[:MAX_NAMED]}
        named = ', '.join('%s (%s)' % each for each in list(as_text.values())[:MAX_NAMED])
        more = ' and %d more' % (len(as_text) - MAX_NAMED) if len(as_text) > MAX_NAMED else ''
        as_text.clear()
        flush_c_streams()
        self.say('gcd-sfn: has no form in a table, and was taken as text: %s%s\n' % (named, more))
        return ',"texts":{%s}' % ','.join('%s:%s' % (quote(column), quote(kind)) for column, kind in named_columns.items())

    def say(self, text):
        """Prints a line in the name of the task."""
        write_all(self.state.capture, text.encode('utf-8', 'backslashreplace'))

    def restore_after(self, error):
        """Tries again after `error`, which may come from a signal handler of the task that is removed by now."""
        for _ in range(3):
            if isinstance(error, OSError) and error.errno == errno.EBADF:
                self.leave(shared_memory.CHANNEL_LOST)
            if isinstance(error, NotRestorable):
                return False
            try:
                self.state.thorough()
                self.state.quick()
                return True
            except BaseException as another:
                error = another
        return False

    def new_child_cpu(self):
        """CPU seconds of the processes that the task has started and waited for."""
        usage = getrusage(RUSAGE_CHILDREN)
        before, self.child_cpu = self.child_cpu, usage[0] + usage[1]
        return self.child_cpu - before

    def reset_peak(self, now):
        """Resets the kernel's peak of the memory."""
        self.reset_at = now
        if self.reset is not None:
            try:
                write(self.reset, b'5')
            except OSError:
                self.reset = None

    def leave(self, reason):
        """Exits; the supervisor starts another child."""
        self.page.integers[REASON] = reason
        os._exit(1)


def exit_forked_copy(outcome):
    """Exits in a copy of the child that the task has forked and that returned from the task's function."""
    code = 0
    try:
        if isinstance(outcome, SystemExit):
            code = outcome.code if isinstance(outcome.code, int) else int(outcome.code is not None)
        elif isinstance(outcome, BaseException):
            code = 1
            sys.stderr.write(trimmed_traceback(outcome))
        flush_c_streams()
    finally:
        os._exit(code & 255)
