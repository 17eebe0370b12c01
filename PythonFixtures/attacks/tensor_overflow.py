"""Sizes whose product, and strides whose sum, are small again once they are cut to 64 bits; and numbers that have more than
64 bits to begin with."""
from assembling import checkpoint, dictionary, tensor

VERDICT, FINDINGS, FIRES = "suspicious", ["refused"], {}
INSPECT = ("invalidTensor", "numberOutOfRange")
SHAPES = {
    "product": ((1 << 32, 1 << 32), (0, 0), 0), "product_12": ((1 << 62, 4, 3), (4, 1, 1), 0), "stride": ((3,), (1 << 63,), 0),
    "sum": ((2, 2), ((1 << 63) - 1, (1 << 63) - 1), 0), "offset": ((1,), (1,), (1 << 63) - 1), "bytes": ((1 << 62,), (1,), 0),
    "wide": ((1 << 64,), (1,), 0), "wide_offset": ((1,), (1,), 1 << 64)}


def build(canary):
    return {f"{word}.pth": checkpoint(dictionary(weight=tensor(*arguments))) for word, arguments in SHAPES.items()}
