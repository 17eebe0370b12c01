"""Lengths of gigabytes and more in a file of some bytes. Who makes room before it reads has none left."""
import struct

from assembling import checkpoint

VERDICT, FINDINGS = "suspicious", ["unreadablePickle", "refused"]
INSPECT, FIRES = ("truncated", "numberOutOfRange", "malformedPickle"), {}
BODIES = {
    "text": b"X" + struct.pack("<I", 0xFFFFFFFF), "text_8": b"\x8d" + struct.pack("<Q", 1 << 62),
    "bytes_8": b"\x8e" + struct.pack("<Q", (1 << 63) - 1), "bytearray": b"\x96" + struct.pack("<Q", 1 << 35),
    "long": b"\x8b" + struct.pack("<i", 0x7FFFFFFF), "frame": b"\x95" + struct.pack("<Q", 1 << 63)}


def build(canary):
    return {f"{word}.pth": checkpoint(body, 5) for word, body in BODIES.items()}
