"""The child process: runs the user's function task after task."""
