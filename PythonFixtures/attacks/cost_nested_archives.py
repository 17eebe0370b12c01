"""A checkpoint in a checkpoint …, 60 deep, with a payload in the innermost. Following them to the end must not cost more
than the file has bytes; giving up has to be said."""
from assembling import checkpoint, payload, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["limitReached"], "inert", {}


def build(canary):
    inner = checkpoint(state_dict(extra=payload(canary)))
    for _ in range(60):
        inner = checkpoint(state_dict(), **{"inner.pt": inner})
    return {"nested.pth": inner}
