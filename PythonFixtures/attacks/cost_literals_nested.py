"""A pickle in a literal of a pickle in a literal …, 300 deep, with the payload in the innermost."""
from assembling import checkpoint, data, fired, pickled

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["limitReached"], "inert", {}


def build(canary):
    nested = fired(canary)
    for _ in range(300):
        nested = pickled(data(nested), 3)
    return {"nested.pth": checkpoint(data(nested), 3)}
