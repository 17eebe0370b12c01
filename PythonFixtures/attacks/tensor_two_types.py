"""One storage, referred to with two types and two sizes. The second reference is believed by some: numbers of another type,
or more of them than there are."""
from assembling import checkpoint, dictionary, storage, tensor

VERDICT, FINDINGS, FIRES = "suspicious", ["refused"], {}
INSPECT = ("invalidStorage", "invalidTensor")


def build(canary):
    first = tensor()
    return {
        "wider.pth": checkpoint(dictionary(a=first, b=tensor((12,), (1,), source=storage(12, kind="DoubleStorage")))),
        "longer.pth": checkpoint(dictionary(a=first, b=tensor((100,), (1,), source=storage(100))))}
