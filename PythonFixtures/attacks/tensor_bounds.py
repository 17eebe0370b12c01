"""Tensors that reach beyond their storage: by offset, size or stride, into whatever lies behind it in memory."""
from assembling import checkpoint, dictionary, tensor

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["refused"], "invalidTensor", {}
SHAPES = {
    "offset": ((1,), (1,), 12), "size": ((13,), (1,), 0), "stride": ((2,), (12,), 0), "both": ((4, 4), (4, 1), 0),
    "far": ((2,), (1 << 40,), 0), "last": ((3, 4), (4, 1), 1)}


def build(canary):
    return {f"{word}.pth": checkpoint(dictionary(weight=tensor(*arguments))) for word, arguments in SHAPES.items()}
