"""Runs a command in a pseudo-terminal: pty.py COLUMNS ROWS COMMAND ...

Standard output is what the command writes to its terminal. Standard input is a line of JSON for each thing to do:
{"keys": "..."} presses keys, {"resize": [columns, rows]} changes the size. Ends with the command's exit code, or with
128 + the signal that ended it.
"""
import fcntl
import json
import os
import select
import signal
import struct
import sys
import termios


def set_size(terminal, columns, rows):
    # The kernel tells the processes in front of the terminal by SIGWINCH.
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def write_all(file, data):
    while data:
        data = data[os.write(file, data):]


def main():
    columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    begin_read, begin_write = os.pipe()
    pid, terminal = os.forkpty()
    if pid == 0:
        # Not before the terminal has its size.
        os.close(begin_write)
        os.read(begin_read, 1)
        os.execvp(command[0], command)
    set_size(terminal, columns, rows)
    os.close(begin_read)
    os.close(begin_write)
    inputs = [terminal, 0]
    pending = b""
    while True:
        ready, _, _ = select.select(inputs, [], [])
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                # Whoever asked for it is gone.
                inputs.remove(0)
                os.kill(pid, signal.SIGKILL)
            pending += data
            *lines, pending = pending.split(b"\n")
            for line in lines:
                order = json.loads(line)
                if "keys" in order:
                    write_all(terminal, order["keys"].encode())
                if "resize" in order:
                    set_size(terminal, *order["resize"])
        if terminal in ready:
            try:
                data = os.read(terminal, 65536)
            except OSError:
                # Linux's way to say that nobody has the terminal open any more.
                data = b""
            if not data:
                break
            write_all(1, data)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


main()
