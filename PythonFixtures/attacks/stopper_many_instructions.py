"""1.2 million instructions that do nothing stand before the payload. Scanners that bound their work, or look at the first
megabyte only, stop before it."""
from assembling import checkpoint, payload, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {"many.pth": checkpoint(b"N0" * 600_000 + state_dict(extra=payload(canary)))}
