"""Power flow over a day for one feeder: voltages, losses, violations. A GLM file is no table, so it is one task.

The engine of GridLAB-D keeps its state in global variables and cannot be started twice in a process. A worker lives
through many tasks, so each task starts a process of its own for the engine; that costs 0.1 s.
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def entrypoint(data_bucket, curr_process_file, data_file=None, **_):
    """Called once for each file; the dict it returns is one row of results.csv."""
    # data_file is the worker's copy on this machine; without it (when you call this by hand) the bucket is a folder.
    feeder = os.path.abspath(data_file or os.path.join(data_bucket, curr_process_file))
    # The engine leaves files in its working directory, and talks on both of its outputs: the answer is a file.
    with tempfile.TemporaryDirectory() as folder:
        answer = os.path.join(folder, "answer.json")
        command = [sys.executable, os.path.join(HERE, "powerflow.py"), feeder, answer]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        print(done.stdout, end="")
        if not os.path.exists(answer):
            last = (done.stdout.strip().splitlines() or ["it said nothing"])[-1]
            raise RuntimeError("%s: the engine ended with exit code %s: %s"
                               % (curr_process_file, done.returncode, last))
        with open(answer, encoding="utf-8") as file:
            found = json.load(file)
    if "error" in found:
        raise RuntimeError("%s: %s" % (curr_process_file, found["error"]))
    return {"file": curr_process_file, **found["row"]}
