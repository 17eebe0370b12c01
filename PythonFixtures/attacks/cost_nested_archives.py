"""A checkpoint in a checkpoint …, 60 deep, with a payload in the innermost. Each is as long as what is in it, so going to the
end costs no more than the square of the depth; doing it again from each place where a zip could begin costs 2^60."""
from assembling import checkpoint, payload, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["hiddenPickle", "limitReached"], "inert", {}


def build(canary):
    inner = checkpoint(state_dict(extra=payload(canary)))
    for _ in range(60):
        inner = checkpoint(state_dict(), **{"inner.pt": inner})
    return {"nested.pth": inner}
