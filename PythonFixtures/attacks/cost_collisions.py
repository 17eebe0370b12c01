"""30,000 keys of a dictionary with one hash, by Python's: multiples of 2^61 - 1. Each is compared with all before it."""
from assembling import checkpoint, integer

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "time"}


def build(canary):
    keys = (integer(place * ((1 << 61) - 1)) + b"N" for place in range(1, 40_000))
    return {"collisions.pth": checkpoint(b"}(" + b"".join(keys) + b"u")}
