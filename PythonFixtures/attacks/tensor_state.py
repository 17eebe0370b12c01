"""BUILD on a tensor calls `set_` with an offset, sizes and strides of the file's choice, behind the back of the call that
rebuilt it: torch has two elements where everybody else sees twelve. torch accepts it even with weights_only."""
from assembling import checkpoint, dictionary, group, integer, numbers, storage, tensor

VERDICT, FINDINGS, INSPECT = "suspicious", ["refused"], ("unexpectedObject", "invalidTensor")
FIRES = {"load": "accepts", "weights_only": "accepts"}


def build(canary):
    return {"set.pth": checkpoint(dictionary(weight=tensor() + group(storage(), integer(5), numbers([2]), numbers([1])) + b"b"))}
