"""The worker of gcd-sfn: a supervisor process, its child, and the protocol between them (../PROTOCOL.md)."""
import os

# Tracebacks that users read leave out the frames of this folder.
FOLDER = os.path.dirname(os.path.abspath(__file__))
MAIN = os.path.join(FOLDER, '__main__.py')
