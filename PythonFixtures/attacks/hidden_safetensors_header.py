"""A safetensors file, whole and valid, whose length and header are a pickle: the length begins with BINUNICODE, which takes the
zeros behind it for a text, and the header is a key made of short strings. torch.load begins at its first byte."""
import json
import struct

from assembling import fired

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle"], "unrecognizedFormat"
FIRES = {"load": "runs", "pickle": "runs", "pickle.py": "runs"}

# The lowest byte of the length is BINUNICODE, the other seven are 5 0 0 0 and the first of the text.
TAKEN = 5
LENGTH = ord("X") + 256 * TAKEN
LONGEST = 126


def strings(count):
    """SHORT_BINSTRING instructions that fill so many bytes, each of a length that JSON has as a character."""
    lengths = []
    while count:
        length = min(LONGEST, count - 2)
        if 0 < count - 2 - length < 34:
            length -= 34
        lengths.append(length)
        count -= 2 + length
    return lengths


def build(canary):
    pickle = fired(canary)
    *before, last = strings(LENGTH - 2)
    value = {"dtype": "U8", "shape": [len(pickle)], "data_offsets": [0, len(pickle)]}
    key = "".join("U" + chr(length) + "a" * length for length in before) + "U" + chr(last)
    header = '{"' + key + '":' + json.dumps(value, separators=(",", ":")) + "}"
    return {"tensors.pth": struct.pack("<Q", LENGTH) + header.ljust(LENGTH).encode() + pickle}
