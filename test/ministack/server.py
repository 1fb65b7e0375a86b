"""ministack, a second imitation of AWS, on a free port of loopback: prints one line, `{"endpoint": "http://127.0.0.1:PORT"}`,
and serves until its standard input ends or SIGTERM comes.

By default it listens on every address of the machine, some of its services whatever they are told: here a socket that
would is bound to loopback. One thing of it is mended: it looks for a template's bucket in the path of the address alone,
where AWS takes it from the host's name, too
(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html).
"""
import asyncio
import json
import os
import re
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


def find_templates_by_host() -> None:
    from ministack.services.cloudformation import helpers

    known = helpers._resolve_document

    def resolve(params, body_key, url_key, label):
        for key, value in params.items():
            if key == url_key:
                given = value[0] if isinstance(value, list) else value
                by_path = re.sub(r"^https://([^./]+)\.s3\.[\w.-]+/", r"https://s3.amazonaws.com/\1/", given)
                params = {**params, key: [by_path] if isinstance(value, list) else by_path}
        return known(params, body_key, url_key, label)

    helpers._resolve_document = resolve


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

    find_templates_by_host()
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
