"""A pickle behind the tensors of a safetensors file, which such files may not have; whoever loads by extension and finds a
pickle runs it."""
import json
import struct

from assembling import STORAGE, fired

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal", "hiddenPickle"], {}
INSPECT = ("unrecognizedFormat", "invalidSafetensors", "unsupportedFormat")


def build(canary):
    header = json.dumps({"weight": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}}).encode()
    header += b" " * (-len(header) % 8)
    return {"behind.safetensors": struct.pack("<Q", len(header)) + header + STORAGE + fired(canary)}
