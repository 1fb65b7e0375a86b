"""Lambda runs functions: each in a Node process of its own, from its package, with its role, environment and timeout.

moto wants Docker and an image from the network. Processes are kept and reused while their function's code is the same,
one invocation at a time each, as Lambda's are. Not imitated: the memory setting, the processor, the size of /tmp.
"""
import io
import json
import os
import shutil
import subprocess
import tempfile
import threading
import uuid
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from time import time

from moto.awslambda.models import LambdaFunction
from roles import credentials_of

bootstrap = Path(__file__).resolve().parent.parent / "lambda/bootstrap.mjs"
work = Path(tempfile.mkdtemp(prefix="gcd-box-lambda-"))
places: dict[str, "Place"] = {}
idle: dict[str, list["Place"]] = {}
lock = threading.Lock()
# An init phase of its own; then the function's timeout begins.
init_seconds = 20


class Place:
    """One execution environment."""

    def __init__(self, function: LambdaFunction):
        self.id = uuid.uuid4().hex
        self.function = function
        self.waiting: Queue = Queue()
        self.ended: Queue = Queue()
        self.fresh = True
        self.folder = work / self.id
        zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(self.folder / "code")
        (self.folder / "tmp").mkdir()
        self.log = self.folder / "log"
        self.read = 0
        places[self.id] = self
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [os.environ["BOX_NODE"], str(bootstrap)],
                cwd=self.folder / "code",
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def environment(self) -> dict[str, str]:
        function = self.function
        return {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(self.folder / "tmp"),
            "NO_PROXY": "127.0.0.1,localhost",
            # By which whoever looks for processes that are left over knows it.
            "GCD_BOX": os.environ.get("GCD_BOX", ""),
            "AWS_REGION": function.region,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
            **credentials_of(function.role, function.function_name),
            **{name: str(value) for name, value in (function.environment_vars or {}).items()},
            "_HANDLER": function.handler,
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{runtime_api.server_port}/{self.id}",
        }

    def invoke(self, event) -> tuple[bool, str]:
        """Whether it failed, and what it answered."""
        seconds = int(self.function.timeout or 3)
        self.waiting.put((uuid.uuid4().hex, event))
        end = time() + seconds + (init_seconds if self.fresh else 0)
        self.fresh = False
        while time() < end:
            try:
                return self.ended.get(timeout=0.05)
            except Empty:
                if self.process.poll() is not None and self.ended.empty():
                    return failed("Runtime.ExitError", f"Runtime exited with {self.process.returncode}")
        self.process.kill()
        self.process.wait()
        return failed("Sandbox.Timedout", f"Task timed out after {seconds}.00 seconds")

    def written(self) -> str:
        """What it has written since it was asked last."""
        with self.log.open("rb") as log:
            log.seek(self.read)
            text = log.read()
        self.read += len(text)
        return text.decode("utf-8", "replace")


def failed(kind: str, message: str) -> tuple[bool, str]:
    return True, json.dumps({"errorType": kind, "errorMessage": message})


class RuntimeApi(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, code, body=b"", headers=()):
        self.send_response(code)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        place = places[self.path.split("/")[1]]
        request_id, event = place.waiting.get()
        deadline = int((time() + int(place.function.timeout or 3)) * 1000)
        headers = [
            ("lambda-runtime-aws-request-id", request_id),
            ("lambda-runtime-deadline-ms", str(deadline)),
            ("lambda-runtime-invoked-function-arn", place.function.function_arn),
        ]
        self.answer(200, json.dumps(event).encode(), headers)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        places[self.path.split("/")[1]].ended.put((self.path.endswith("error"), body))
        self.answer(202)


runtime_api = ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
runtime_api.daemon_threads = True
threading.Thread(target=runtime_api.serve_forever, daemon=True).start()


def invoke_lambda(self, event=None):
    event = json.loads(event) if isinstance(event, str) else event
    # Another code, environment or role is another place.
    key = json.dumps([self.function_arn, self.code_sha_256, self.environment_vars, self.role, self.handler])
    with lock:
        found = idle.get(key)
        place = found.pop() if found else None
    place = place or Place(self)
    bad, answer = place.invoke(event)
    said = place.written()
    # Its role may write there; it may not make the group, which is the stack's.
    if said and self.logs_group_name in self.logs_backend.groups:
        self.save_logs(said)
    if place.process.poll() is None:
        with lock:
            idle.setdefault(key, []).append(place)
    return answer, bad, said[-4000:]


def close():
    for place in places.values():
        place.process.kill()
        place.process.wait()
    shutil.rmtree(work, ignore_errors=True)


LambdaFunction._invoke_lambda = invoke_lambda
