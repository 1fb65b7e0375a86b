"""Whatever a task does to its process, the next task runs in a sound worker and is not struck."""
import os
import unittest

from support import WorkerTest

PROJECT = '''
import builtins, ctypes, gc, io, json, locale, os, resource, signal, socket, subprocess, sys, tempfile, threading, time, warnings

from os import chdir
from signal import alarm

HERE = os.getcwd()
real_print = print

def probe():
    """The state that every task must find."""
    print('seen')
    os.write(1, b'raw\\n')
    sys.stderr.write('err\\n')
    with open('/dev/null') as file: file.read()
    child = subprocess.run([sys.executable, '-S', '-c', 'import os; print(os.getcwd(), os.environ.get("LEFT"), flush=True)'],
                           stdout=subprocess.PIPE, check=True, universal_newlines=True)
    with tempfile.TemporaryFile() as file: file.write(b'x' * 100000)
    umask = os.umask(0); os.umask(umask)
    sys.modules.pop('colorsys', None)
    import colorsys
    return {
        'cwd': os.getcwd() == HERE, 'environ': os.environ.get('LEFT'), 'home': 'PATH' in os.environ, 'child': child.stdout == HERE + ' None\\n',
        'path': sys.path[0] == HERE and len(sys.path) > 2, 'umask': umask == UMASK, 'recursion': sys.getrecursionlimit() == RECURSION,
        'alarm': signal.getitimer(signal.ITIMER_REAL)[0], 'profile': signal.getitimer(signal.ITIMER_PROF)[0],
        'handlers': [str(signal.getsignal(n)) for n in (signal.SIGALRM, signal.SIGUSR1, signal.SIGTERM)] == HANDLERS,
        'stdin': sys.stdin.read(), 'fd0': os.read(0, 10).decode(), 'gc': gc.isenabled(), 'print': print is real_print,
        'nofile': resource.getrlimit(resource.RLIMIT_NOFILE) == NOFILE, 'fsize': resource.getrlimit(resource.RLIMIT_FSIZE)[0] == FSIZE,
        'nice': os.nice(0) == NICE, 'mask': sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())), 'trace': sys.gettrace(),
        'environ is': os.environb.get(b'LEFT') is None, 'locale': locale.setlocale(locale.LC_ALL) == LOCALE,
    }

UMASK = os.umask(0); os.umask(UMASK)
RECURSION = sys.getrecursionlimit()
HANDLERS = [str(signal.getsignal(n)) for n in (signal.SIGALRM, signal.SIGUSR1, signal.SIGTERM)]
NOFILE = resource.getrlimit(resource.RLIMIT_NOFILE)
FSIZE = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
NICE = os.nice(0)
LOCALE = locale.setlocale(locale.LC_ALL)

class Acts:
    def dump_later():
        import faulthandler
        faulthandler.dump_traceback_later(0.2, exit=True)
    def chdir(): os.chdir('/')
    def chdir_by_name(): chdir('/')
    def alarm_by_name(): alarm(1)
    def environ(): os.environ.clear(); os.environ['LEFT'] = 'x'
    def environ_replaced(): os.environ = {'LEFT': 'x'}
    def environb(): os.environb[b'LEFT'] = b'x'
    def path(): sys.path[:] = ['/nowhere']
    def path_replaced(): sys.path = []
    def finder_that_exits(): sys.meta_path.insert(0, type('Finder', (), {'find_spec': lambda *_: os._exit(5)})())
    def finders_cleared(): sys.meta_path.clear(); sys.path_hooks.clear(); sys.path_importer_cache.clear()
    def finders_replaced(): sys.meta_path = []; sys.path_hooks = [lambda _: os._exit(5)]; sys.path_importer_cache.clear()
    def stdout_none(): sys.stdout = sys.stderr = sys.stdin = None
    def stdout_replaced(): sys.stdout = io.StringIO(); print('lost')
    def stdout_closed(): sys.stdout.close(); sys.stderr.close()
    def stdout_detached(): sys.stdout.detach()
    def stdout_dunder(): sys.__stdout__ = sys.__stderr__ = None; sys.stdout.close()
    def stdout_reconfigured(): sys.stdout.reconfigure(write_through=False, line_buffering=False); sys.stdout.write('held back')
    def close_low():
        for fd in (0, 1, 2): os.close(fd)
    def close_reopen():
        os.close(1); os.open('/dev/null', os.O_RDWR)
    def dup_over():
        null = os.open('/dev/null', os.O_RDWR)
        for fd in (0, 1, 2): os.dup2(null, fd)
    def close_some(): os.closerange(3, 256)
    def print_replaced(): builtins.print = lambda *a, **k: 1 / 0
    def handlers():
        for n in (signal.SIGALRM, signal.SIGUSR1, signal.SIGTERM): signal.signal(n, signal.SIG_IGN)
    def alarm(): signal.alarm(1)
    def timers(): signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001); signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001) if 0 else None
    def profiler(): signal.signal(signal.SIGPROF, lambda *a: None); signal.setitimer(signal.ITIMER_PROF, 10, 10)
    def raising_alarm():
        def handler(*a): raise TimeoutError('late')
        signal.signal(signal.SIGALRM, handler); signal.setitimer(signal.ITIMER_REAL, 0.3, 0.0005)
    def mask(): signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGALRM})
    def umask(): os.umask(0o777)
    def recursion(): sys.setrecursionlimit(200)
    def gc_off(): gc.disable()
    def trace(): sys.settrace(lambda *a: None)
    def nofile(): resource.setrlimit(resource.RLIMIT_NOFILE, (0, NOFILE[1]))
    def nofile_hard(): resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    def fsize(): resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    def nice(): os.nice(3)
    def set_locale(): locale.setlocale(locale.LC_ALL, 'C' if LOCALE != 'C' else 'C.UTF-8')
    def json_patched():
        json.dumps = json.loads = json.JSONEncoder.encode = None
        json.encoder.c_make_encoder = json.decoder.scanstring = json.encoder.encode_basestring_ascii = None
    def modules_patched():
        for module, names in ((time, 'time monotonic'), (os, 'getpid dup2 fchdir write read _exit'), (resource, 'getrusage'), (gc, 'isenabled'), (signal, 'getitimer')):
            for name in names.split():
                originals.append((module, name, getattr(module, name)))
                setattr(module, name, None)
    def modules_mended():
        for module, name, value in originals: setattr(module, name, value)
    def threads():
        def work():
            while True: time.sleep(0.01)
        for daemon in (True, False): threading.Thread(target=work, daemon=daemon).start()
    def read_stdin(): assert sys.stdin.read() == '' and os.read(0, 10) == b''
    def lookalikes():
        os.write(1, b'{"status":"succeeded","index":99}\\n{"event":"batch","batch":0}\\n{"event":"invalid"}\\n\\x1e\\x00\\xff\\n')
        os.write(2, bytes(range(256)))
    def warnings_off(): warnings.simplefilter('error')
    def fork_returns():
        if os.fork() == 0: return
        os.wait()
    def fork_raises():
        if os.fork() == 0: raise RuntimeError('in the copy')
        os.wait()
    def fork_exits():
        if os.fork() == 0: sys.exit(7)
        assert os.wait()[1] == 7 << 8
    def fork_unwaited():
        if os.fork() == 0: return
    def faulthandler_off():
        import faulthandler
        faulthandler.disable()
    def audit(): sys.excepthook = None; sys.displayhook = None
    def atexit_exit():
        import atexit
        atexit.register(sys.exit, 5)

originals = []

def entrypoint(curr_process_file, **_):
    if curr_process_file == 'probe': return probe()
    getattr(Acts, curr_process_file)()
    return {}

ACTS = [name for name in vars(Acts) if not name.startswith('_')]
'''
GOOD = {
    'cwd': True, 'environ': None, 'home': True, 'child': True, 'path': True, 'umask': True, 'recursion': True, 'alarm': 0.0,
    'profile': 0.0, 'handlers': True, 'stdin': '', 'fd0': '', 'gc': True, 'print': True, 'nofile': True, 'fsize': True, 'nice': True,
    'mask': [], 'trace': None, 'environ is': True, 'locale': True,
}


class Hostile(WorkerTest):
    def test_each_act_leaves_a_sound_worker(self):
        self.check(keep_output=False)

    def test_each_act_leaves_the_capture_sound(self):
        self.check(keep_output=True)

    def check(self, keep_output):
        names = [
            line.split('def ')[1].split('(')[0]
            for line in PROJECT.partition('class Acts:')[2].partition('originals = []')[0].splitlines()
            if line.startswith('    def ')
        ]
        self.assertGreater(len(names), 45)
        tasks = [task for name in names for task in (name, 'probe')]
        # After modules_patched, a probe would only find what it left; what matters is that the worker lives.
        del tasks[tasks.index('modules_patched') + 1]
        supervisor = self.run_tasks(PROJECT, tasks, keep_output=keep_output)
        records = supervisor.records()
        self.assertEqual(len(records), len(tasks))
        for index, task in enumerate(tasks):
            record = records[index]
            before = tasks[index - 1] if index else ''
            self.assertEqual(record['attempt'], 1, (before, record))
            self.assertEqual(record['status'], 'succeeded', (before, task, record))
            if task == 'probe':
                self.assertEqual((before, record['result']), (before, GOOD))
                lines = sorted(record.get('output', '').splitlines())
                self.assertEqual((before, lines), (before, ['err', 'raw', 'seen'] if keep_output else []))
        self.assertEqual(sum('status' in message for message in supervisor.messages), len(tasks))
        # Most of it is mended; only what cannot be costs a new child.
        self.assertLessEqual(len(supervisor.events('worker')), 5)

    def test_losing_the_record_channel_is_a_crash_that_says_so(self):
        source = """
        import os, time
        def entrypoint(curr_process_file, **_):
            if curr_process_file == 'close':
                os.closerange(0, 65536)
                for _ in range(50): os.open('/dev/null', os.O_RDWR)
            if curr_process_file == 'close and hang':
                os.closerange(0, 65536)
                time.sleep(1000)
            print('printed')
            return {}
        """
        supervisor = self.run_tasks(source, ['a', 'close', 'b', 'close and hang', 'c'])
        records = supervisor.records()
        self.assertEqual([records[index]['status'] for index in (0, 2, 4)], ['succeeded'] * 3)
        for index in (1, 3):
            error = self.error(records[index])
            self.assertEqual((error['class'], error['type']), ('crash', 'descriptors closed'))
            self.assertIn('descriptors', error['message'])

    def test_deep_recursion_in_c(self):
        source = """
        import sys
        def entrypoint(curr_process_file, **_):
            if curr_process_file == 'deep':
                sys.setrecursionlimit(10 ** 9)
                value = []
                for _ in range(10 ** 6): value = [value]
                repr(value)
            return {}
        """
        supervisor = self.run_tasks(source, ['deep', 'a'])
        self.assertEqual(supervisor.records()[1]['status'], 'succeeded')
        self.assertIn(supervisor.records()[0]['status'], ('succeeded', 'failed'))

    def test_a_result_that_misbehaves_is_a_failed_task(self):
        source = """
        import os
        class Items(dict):
            def items(self): raise SystemExit(1)
        class Text:
            def __str__(self): os.write(2, b'asked'); raise KeyboardInterrupt
            __repr__ = tolist = item = isoformat = __str__
        class Length(list):
            def __iter__(self): raise MemoryError
        def entrypoint(curr_process_file, **_):
            return {'items': Items(a=1), 'text': {'a': Text()}, 'key': {Text(): 1}, 'list': {'a': [Length([1])]}, 'fine': {}}[curr_process_file]
        """
        supervisor = self.run_tasks(source, ['items', 'text', 'key', 'list', 'fine'])
        records = supervisor.records()
        self.assertEqual([self.error(records[index])['class'] for index in range(3)], ['bad-result'] * 3)
        self.assertEqual(records[4]['status'], 'succeeded')
        self.assertEqual(len(supervisor.events('worker')), 1)


if __name__ == '__main__':
    unittest.main()
