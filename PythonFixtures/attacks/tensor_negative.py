"""Negative sizes, strides, offsets: in front of the storage, or an enormous number once they are taken for unsigned."""
from assembling import checkpoint, dictionary, tensor

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["refused"], "invalidTensor", {}
SHAPES = {
    "size": ((-1, 3), (1, 1), 0), "stride": ((3,), (-1,), 5), "offset": ((3,), (1,), -1), "all": ((-3, -4), (-4, -1), -1),
    "least": ((3,), (-1 << 63,), 0)}


def build(canary):
    return {f"{word}.pth": checkpoint(dictionary(weight=tensor(*arguments))) for word, arguments in SHAPES.items()}
