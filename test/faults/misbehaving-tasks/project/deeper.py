"""What reaches below Python's surface: limits, signals, the interpreter's hooks, libraries that all share."""
import asyncio
import atexit
import ctypes
import faulthandler
import gc
import json
import json.encoder
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (200 << 20, resource.getrlimit(resource.RLIMIT_AS)[1]))


def limit_file_sizes():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def limit_files_for_good():
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def ignore_all_signals():
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass


def block_all_signals():
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))


def exit_in_atexit():
    atexit.register(os._exit, 7)


def close_low_descriptors():
    for descriptor in range(21):
        try:
            os.close(descriptor)
        except OSError:
            pass


def streams_that_raise():
    class Raising:
        def write(self, text):
            raise OSError('no')

        flush = write

    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Raising()


def forget_all_modules():
    sys.modules.clear()


def break_json():
    json.dumps = json.loads = json.JSONEncoder = None
    json.encoder.encode_basestring_ascii = json.encoder.c_make_encoder = None


def break_import():
    sys.path.clear()
    sys.meta_path.clear()


def import_that_exits():
    sys.meta_path.insert(0, type('Finder', (), {'find_spec': lambda *_: os._exit(5)})())


def hooks_that_exit():
    sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *_: os._exit(3)


def change_handlers_of_faults():
    faulthandler.disable()
    faulthandler.dump_traceback_later(0.2, exit=True)


def segfault_by_ctypes():
    ctypes.string_at(0)


def recursion_in_c():
    value = []
    for _ in range(200000):
        value = [value]
    sys.setrecursionlimit(10**6)
    repr(value)


def change_umask_and_write():
    os.umask(0o777)
    with open('left.txt', 'w') as file:
        file.write('x')


def remove_its_folder():
    folder = os.getcwd()
    shutil.rmtree(folder)


def file_instead_of_its_folder():
    folder = os.getcwd()
    shutil.rmtree(folder)
    with open(folder, 'w') as file:
        file.write('x')


def rename_its_folder():
    os.rename(os.getcwd(), os.getcwd() + '.moved')


def close_its_folder():
    os.chmod('.', 0)


def leave_a_loop():
    async def forever():
        while True:
            await asyncio.sleep(0.01)

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.create_task(forever())
    loop.run_until_complete(asyncio.sleep(0.01))
    threading.Thread(target=asyncio.new_event_loop().run_forever, daemon=True).start()


def freeze_garbage():
    gc.disable()
    gc.freeze()
    gc.set_threshold(0)


def _square(number):
    return number * number


def spawn_a_pool():
    with multiprocessing.get_context('spawn').Pool(2) as pool:
        assert pool.map(_square, [1, 2]) == [1, 4]


def change_start_method():
    multiprocessing.set_start_method('spawn', force=True)


def leave_a_session():
    process = subprocess.Popen(['sleep', '1000'], start_new_session=True)
    with open(os.environ['STARTED'], 'a') as file:
        file.write('%d\n' % process.pid)


def odd_environment():
    os.environb[b'\xff'] = b'\xff'
    os.environ['PATH'] = ''


def null_over_all_descriptors():
    null = os.open('/dev/null', os.O_RDWR)
    for name in os.listdir('/proc/self/fd'):
        if int(name) not in (0, 1, 2, null):
            os.dup2(null, int(name))


def become_deaf_to_its_parent():
    ctypes.CDLL(None).prctl(1, 0)
