"""os.system returns 0, which will do for the offset of a tensor: the tensor is right, and rebuilt by the function that
rebuilds all of them. Fools those who take the arguments of known functions for numbers."""
from assembling import HOOKS, call, checkpoint, dictionary, name, numbers, payload, storage

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "refused"], "invalidTensor", {"load": "runs"}


def build(canary):
    rebuilt = call(name("torch._utils", "_rebuild_tensor_v2"), storage(), payload(canary), numbers([12]), numbers([1]), b"\x89", HOOKS)
    return {"offset.pth": checkpoint(dictionary(weight=rebuilt))}
