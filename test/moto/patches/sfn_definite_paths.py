"""A path that can only lead to one value gives that value: `$[1].warnings` is what is there, not a list with it.

moto wraps what is found behind an index into a list.
"""
import re
import sys

from jsonpath_ng.ext import parse
from moto.stepfunctions.parser.asl.utils import json_path

extract = json_path.extract_json
definite = re.compile(r"\$(\.[^.\[\]*?@]+|\['[^']*'\]|\[\d+\])*")


def extract_json(path, data):
    found = parse(path).find(data) if definite.fullmatch(path) else []
    return found[0].value if len(found) == 1 else extract(path, data)


# It was imported by its name wherever it is used.
for module in list(sys.modules.values()):
    if getattr(module, "extract_json", None) is extract:
        module.extract_json = extract_json
