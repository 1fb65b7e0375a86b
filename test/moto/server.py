"""Runs moto with its patches as an imitated AWS, in one process: `python server.py [--with FOLDER]...`.

Loads every module of `patches/`, then those of each FOLDER, in order of their names. Then prints one line,
`{"endpoint": "http://127.0.0.1:PORT"}`, and serves until standard input ends or SIGTERM arrives, so that it does not outlive
its parent process. A patch is a module whose docstring says which behaviour of AWS it restores. It patches on import. Its
optional `close()` is called at the end and stops what the patch started.

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
    """Listens on a free loopback port before moto is imported: parts of moto read the port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    port = str(listener.getsockname()[1])
    os.environ["MOTO_PORT"] = port
    # Requests of moto to itself, and of processes that patches start, bypass a proxy.
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = "127.0.0.1,localhost"
    os.environ.pop("AWS_ENDPOINT_URL", None)
    return listener


def load(path: Path) -> ModuleType:
    """Imports a module by its path, once: another patch may have imported it by its name already."""
    loaded = sys.modules.get(path.stem)
    if loaded is not None and getattr(loaded, "__file__", None) == str(path):
        return loaded
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
            parser.error(f"{folder} is not a folder")
    listener = listen()
    endpoint = f"http://127.0.0.1:{os.environ['MOTO_PORT']}"
    # Patches import shared modules from their own folder.
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
    # Requests in progress do not keep the process alive.
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
        # Running state machines are threads that nobody joins.
        os._exit(0)


main()
