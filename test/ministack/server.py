"""ministack, a second imitation of AWS, on a free port of loopback: prints one line, `{"endpoint": "http://127.0.0.1:PORT"}`,
and serves until its standard input ends or SIGTERM comes.

By default it listens on every address of the machine, some of its services whatever they are told: here a socket that
would is bound to loopback.
"""
import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
import threading

bind = socket.socket.bind


def bind_to_loopback(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        address = ("127.0.0.1" if self.family == socket.AF_INET else "::1", *address[1:])
    return bind(self, address)


socket.socket.bind = bind_to_loopback


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def main() -> None:
    port = free_port()
    folder = tempfile.mkdtemp(prefix="gcd-ministack-")
    # Read when its modules are loaded.
    os.environ.update(
        GATEWAY_PORT=str(port),
        BIND_HOST="127.0.0.1",
        MINISTACK_HOST="127.0.0.1",
        LAMBDA_EXECUTOR="local",
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        S3_DATA_DIR=f"{folder}/s3",
        STATE_DIR=f"{folder}/state",
        TMPDIR=folder,
        NO_PROXY="127.0.0.1,localhost",
    )
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.errorlog = None
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), loop.call_soon_threadsafe(ended.set)), daemon=True).start()

    async def tell_when_there():
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.1)
        print(json.dumps({"endpoint": f"http://127.0.0.1:{port}"}), flush=True)

    told = asyncio.create_task(tell_when_there())
    await serve(app, config, shutdown_trigger=ended.wait)
    told.cancel()
    await asyncio.to_thread(__import__("shutil").rmtree, folder, True)
    sys.stdout.flush()
    # What it has started in threads nobody waits for.
    os._exit(0)


asyncio.run(main())
