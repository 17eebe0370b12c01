"""SETITEM on a tensor changes its numbers while it is loaded, so that torch has others than are in the file. torch's own
careful reader, up to 2.9, wrote where the object was no dictionary, and corrupted its memory."""
from assembling import checkpoint, dictionary, integer, storage, tensor

VERDICT, FINDINGS, INSPECT = "suspicious", ["refused"], ("unexpectedObject", "invalidTensor")
FIRES = {"load": {"tensor.pth": "accepts", "storage.pth": "accepts"}}


def build(canary):
    targets = {"tensor": tensor(), "storage": storage(), "tuple": b")", "number": integer(1), "none": b"N"}
    return {f"{word}.pth": checkpoint(dictionary(weight=target + integer(0) + integer(1) + b"s")) for word, target in targets.items()}
