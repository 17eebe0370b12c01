"""The payload is where the backward hooks of a tensor are, which no reader needs."""
from assembling import checkpoint, dictionary, payload, tensor

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {"hooks.pth": checkpoint(dictionary(weight=tensor(hooks=payload(canary))))}
