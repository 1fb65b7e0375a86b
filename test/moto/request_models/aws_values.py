"""Whether a value could be of a shape: with all that is required, nothing unknown, and each part as the model has it."""
import re
import sys
import unicodedata
from functools import cache

# Values of REST and of forms are text, whatever they mean.
numbers = {"integer": int, "long": int, "float": float, "double": float}


def mistakes(value, shape, place: str = "") -> list[str]:
    """What is wrong, a sentence each; `place` says where."""
    here = place or "the request"
    kind = shape.type_name
    # What is null counts as absent.
    if value is None:
        return []
    if kind == "structure":
        return of_structure(value, shape, place, here)
    if kind == "list":
        if not isinstance(value, list):
            return [f"{here} is no list"]
        found = sized(len(value), shape, here, "members")
        return found + [bad for n, one in enumerate(value) for bad in mistakes(one, shape.member, f"{place}[{n}]")]
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{here} is no map"]
        found = sized(len(value), shape, here, "entries")
        for key, one in value.items():
            found += mistakes(key, shape.key, f"{place}'s key {key}") + mistakes(one, shape.value, f"{place}.{key}")
        return found
    if kind == "string":
        return of_string(value, shape, here)
    if kind in numbers:
        return of_number(value, shape, here)
    if kind == "boolean":
        return [] if value in (True, False, "true", "false") else [f"{here} is {value!r}, not true or false"]
    # Times and bytes have too many forms on the wire.
    return []


def of_structure(value, shape, place: str, here: str) -> list[str]:
    if getattr(shape, "is_document_type", False):
        return []
    if not isinstance(value, dict):
        return [f"{here} is no structure"]
    given = {key: one for key, one in value.items() if one is not None}
    found = [f"{here} lacks {key}" for key in shape.required_members if key not in given]
    found += [f"{here} has {key}, which is unknown" for key in given if key not in shape.members]
    for key, one in given.items():
        if key in shape.members:
            found += mistakes(one, shape.members[key], f"{place}.{key}" if place else key)
    if getattr(shape, "is_tagged_union", False) and len(given) != 1:
        found.append(f"{here} must have one member, and has {len(given)}")
    return found


def of_string(value, shape, here: str) -> list[str]:
    if isinstance(value, bytes):
        return []
    if not isinstance(value, str):
        return [f"{here} is {value!r}, not text"]
    found = sized(len(value), shape, here, "characters")
    if shape.enum and value not in shape.enum:
        found.append(f"{here} is {value!r}, not one of {', '.join(sorted(shape.enum)[:12])}")
    pattern = compiled(shape.metadata.get("pattern"))
    if pattern and not pattern.fullmatch(value):
        found.append(f"{here} is {value!r}, which is not like {pattern.pattern}")
    return found


def of_number(value, shape, here: str) -> list[str]:
    if isinstance(value, bool):
        return [f"{here} is {value!r}, no number"]
    try:
        number = numbers[shape.type_name](value)
    except (TypeError, ValueError):
        return [f"{here} is {value!r}, no number"]
    if isinstance(value, float) and isinstance(number, int) and value != number:
        return [f"{here} is {value!r}, no whole number"]
    return sized(number, shape, here, "")


def sized(size, shape, here: str, what: str) -> list[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    amount = f"{size} {what}".strip()
    if least is not None and size < least:
        return [f"{here} has {amount}, at least {least}"]
    if most is not None and size > most:
        return [f"{here} has {amount}, at most {most}"]
    return []


@cache
def compiled(pattern: str | None):
    """None for what Python's expressions cannot say."""
    try:
        # Python has no categories of Unicode such as \p{L}; within brackets, where they stand, their ranges may stand.
        return re.compile(re.sub(r"\\p\{(\w+)\}", lambda found: characters(found[1]), pattern)) if pattern else None
    except re.error:
        return None


@cache
def characters(category: str) -> str:
    """All characters of a category, or of a group of them, as ranges."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(category):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
