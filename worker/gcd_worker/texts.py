"""The text that stands for a value without any other form."""
import re

LONGEST = 1000
# Where an object lies in memory is another place in each run, and says nothing.
_ADDRESS = re.compile(r' at 0x[0-9A-Fa-f]+')


def text_of(value):
    """str() of the value, without addresses and not longer than LONGEST; raises what str() raises."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _clip(repr(bytes(value[: LONGEST + 1])))
    text = _clip(_ADDRESS.sub('', str.__str__(str(value))[: 2 * LONGEST]))
    if isinstance(value, BaseException):
        name = type(value).__name__
        return '%s: %s' % (name, text) if text else name
    return text


def _clip(text):
    return text if len(text) <= LONGEST else text[:LONGEST] + '...'
