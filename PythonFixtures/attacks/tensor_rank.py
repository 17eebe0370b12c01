"""A tensor of 1,000 dimensions, or one whose sizes and strides differ in number."""
from assembling import checkpoint, dictionary, tensor

VERDICT, FINDINGS, FIRES = "suspicious", ["refused"], {}
INSPECT = ("invalidTensor", "limitExceeded")
SHAPES = {"thousand": ((1,) * 1_000, (1,) * 1_000), "more": ((2, 2), (1,)), "fewer": ((2,), (1, 1))}


def build(canary):
    return {f"{word}.pth": checkpoint(dictionary(weight=tensor(*arguments))) for word, arguments in SHAPES.items()}
