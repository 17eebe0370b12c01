"""What everybody knows: GLOBAL and REDUCE, in each container. A scanner that misses this one need not look further."""
from assembling import checkpoint, legacy, payload, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {
        "zip.pth": checkpoint(state_dict(extra=payload(canary))),
        "legacy.pth": legacy(payload(canary), keys=b"]", contents=b"")[:-8]}
