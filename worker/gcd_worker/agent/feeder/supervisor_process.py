"""One supervisor process (PROTOCOL.md) and its pipes."""
import json
import os
import subprocess
import sys
import threading

from ... import MAIN

READ_BYTES = 1 << 20


class SupervisorProcess:
    """Calls `on_lines` with complete lines, and `on_exit` with the exit code after the last of them."""

    def __init__(self, settings, on_lines, on_exit):
        self._process = subprocess.Popen(
            [sys.executable, MAIN, 'supervise'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.pid = self._process.pid
        self._lock = threading.Lock()
        self.send(settings)
        self._on_lines, self._on_exit = on_lines, on_exit
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, order):
        """Writes an order. `on_exit` reports a supervisor that has exited, not this."""
        data = json.dumps(order, separators=(',', ':')).encode() + b'\n'
        with self._lock:
            try:
                while data:
                    data = data[self._process.stdin.write(data) :]
            except (OSError, ValueError):
                pass

    def end(self, seconds):
        """Stops it at once and waits; kills it after so long."""
        self.send({'stop': 'now'})
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reader.join(seconds)

    def _read(self):
        pieces = []
        while True:
            data = os.read(self._process.stdout.fileno(), READ_BYTES)
            if not data:
                break
            end = data.rfind(b'\n') + 1
            if end:
                self._on_lines(b''.join(pieces) + data[:end])
                pieces = []
            if end < len(data):
                pieces.append(data[end:])
        self._on_exit(self._process.wait())
