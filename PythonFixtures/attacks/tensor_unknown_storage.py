"""A storage class that no torch has."""
from assembling import checkpoint, dictionary, storage, tensor

VERDICT, FINDINGS, FIRES = "suspicious", ["unknownGlobal", "refused"], {}
INSPECT = ("invalidStorage", "invalidTensor")


def build(canary):
    return {"quad.pth": checkpoint(dictionary(weight=tensor(source=storage(kind="QuadStorage"))))}
