"""`json`'s encoder as a copy that tasks do not know: what they change in theirs does not reach the worker's records."""
import importlib.util

_spec = importlib.util.find_spec('json.encoder')
_encoder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_encoder)

JSONEncoder = _encoder.JSONEncoder
