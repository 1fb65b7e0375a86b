"""The supervisor process that an agent feeds (PROTOCOL.md)."""
import json
import os
import subprocess
import sys
import threading

from ... import MAIN

READ = 1 << 20


class SupervisorProcess:
    """`on_lines` gets whole lines as they come, `on_exit` the exit code after the last of them."""

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
        """Writes an order; one that is gone is told of by its exit."""
        data = json.dumps(order, separators=(',', ':')).encode() + b'\n'
        with self._lock:
            try:
                while data:
                    data = data[self._process.stdin.write(data) :]
            except (OSError, ValueError):
                pass

    def end(self, patience):
        """Ends it at once, and waits for that."""
        self.send({'stop': 'now'})
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reader.join(patience)

    def _read(self):
        pieces = []
        while True:
            data = os.read(self._process.stdout.fileno(), READ)
            if not data:
                break
            end = data.rfind(b'\n') + 1
            if end:
                self._on_lines(b''.join(pieces) + data[:end])
                pieces = []
            if end < len(data):
                pieces.append(data[end:])
        self._on_exit(self._process.wait())
