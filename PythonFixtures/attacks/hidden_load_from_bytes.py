"""torch.storage._load_from_bytes loads a legacy file from a byte string, as storages were pickled once. Many lists have it
for harmless; what is in the string is a pickle like any other."""
from assembling import call, checkpoint, data, legacy, name, payload, state_dict

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle", "refused"], ("malformedPickle", "forbiddenGlobal")
FIRES = {"load": "runs"}


def build(canary):
    inner = legacy(payload(canary), keys=b"]", contents=b"")[:-8]
    function = name("torch.storage", "_load_from_bytes")
    return {"once.pth": checkpoint(state_dict(extra=call(function, data(inner))), 3)}
