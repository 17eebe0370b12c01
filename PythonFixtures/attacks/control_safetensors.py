"""A safetensors file under the name of a checkpoint: there is nothing in it that could be called."""
import json
import struct

from assembling import STORAGE

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "unrecognizedFormat", {}


def build(canary):
    header = json.dumps({"weight": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}}).encode()
    header += b" " * (-len(header) % 8)
    return {"tensors.safetensors": struct.pack("<Q", len(header)) + header + STORAGE}
