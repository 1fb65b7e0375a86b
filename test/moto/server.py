"""AWS imitated by moto, mended by patches, in one process: `python server.py [--with FOLDER]...`.

Loads every module of `patches/` beside it, then those of each FOLDER, in the order of their names; then prints one line,
`{"endpoint": "http://127.0.0.1:PORT"}`, and serves until its standard input ends or SIGTERM comes, so that it does not
outlive whoever started it. A patch is a module whose docstring says which behaviour of AWS it restores. It patches when
it is loaded, and may have `close()`, which is called at the end, for what it started.

With `check_requests.py` beside it (`checked(application)`), every request is checked against AWS's own models.
"""
import argparse
import importlib.util
import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from types import ModuleType

here = Path(__file__).resolve().parent


def listen() -> socket.socket:
    """A free port of loopback, taken before moto is loaded: parts of it read where it is."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    port = str(listener.getsockname()[1])
    os.environ["MOTO_PORT"] = port
    # What moto asks itself, and what its patches start, stays on this machine.
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = "127.0.0.1,localhost"
    os.environ.pop("AWS_ENDPOINT_URL", None)
    return listener


def load(path: Path) -> ModuleType:
    """A module by its file, importable by its name from the ones after it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--with", dest="folders", action="append", default=[], type=Path)
    folders = [here / "patches", *parser.parse_args().folders]
    for folder in folders:
        if not folder.is_dir():
            parser.error(f"there is no folder {folder}")
    listener = listen()
    endpoint = f"http://127.0.0.1:{os.environ['MOTO_PORT']}"
    # Patches import what they share from the folder that they lie in.
    sys.path[:0] = [str(here), *map(str, folders)]
    patches = [load(path) for folder in folders for path in sorted(folder.glob("*.py"))]

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    application = DomainDispatcherApplication(create_backend_app)
    if (here / "check_requests.py").exists():
        application = load(here / "check_requests.py").checked(application)
    server = make_server(
        "127.0.0.1",
        0,
        application,
        threaded=True,
        request_handler=MotoRequestHandler,
        fd=listener.fileno(),
    )
    # Requests that still wait for something do not keep the process.
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), server.shutdown()), daemon=True).start()
    print(json.dumps({"endpoint": endpoint}), flush=True)
    try:
        server.serve_forever()
    finally:
        for patch in reversed(patches):
            if hasattr(patch, "close"):
                patch.close()
        sys.stdout.flush()
        # Machines that still run are threads that nobody waits for.
        os._exit(0)


main()
