"""Arguments that are cut off behind the payload, or lengths that no file has: a parser reads too little, asks for all
memory, or takes a length for negative."""
import struct

from assembling import POP, payload

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "unreadablePickle", "refused"]
INSPECT, FIRES = ("truncated", "numberOutOfRange", "malformedPickle"), {"pickle": "runs", "pickle.py": "runs"}
ENDS = {
    "text": b"X" + struct.pack("<I", 1000) + b"abc.", "text_8": b"\x8d" + struct.pack("<Q", 1 << 63) + b".",
    "bytes_8": b"\x8e" + struct.pack("<Q", (1 << 64) - 1) + b".", "bytearray_8": b"\x96" + struct.pack("<Q", 1 << 40) + b".",
    "bytes": b"B\xff\xff\xff\xff.", "string": b"T" + struct.pack("<i", -1) + b".", "long_1": b"\x8a\xff\1.",
    "long_4": b"\x8b" + struct.pack("<i", -5) + b".", "number": b"J\1\2.", "line": b"Iposix.", "name": b"cposix\nsys",
    "float": b"G\0\0", "get": b"j\0\0"}


def build(canary):
    return {f"{word}.pkl": b"\x80\x04" + payload(canary) + POP + end for word, end in ENDS.items()}
