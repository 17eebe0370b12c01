"""The payload is part of the tuple that refers to a storage. Scanners that skip what BINPERSID takes do not see it, and
torch calls it before it looks for the storage."""
from assembling import checkpoint, dictionary, group, integer, name, payload, tensor, text

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {"load": "runs"}
INSPECT = ("invalidStorage", "invalidTensor")


def build(canary):
    source = group(text("storage"), name("torch", "FloatStorage"), payload(canary), text("cpu"), integer(12)) + b"Q"
    return {"reference.pth": checkpoint(dictionary(weight=tensor(source=source)))}
