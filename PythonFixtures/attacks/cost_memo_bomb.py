"""A list of ten references to a list of ten references, 60 deep: 10^60 paths in some hundred bytes. Who copies what it
takes from the memo, or walks all paths, never ends."""
from assembling import POP, checkpoint, get, put

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts"}


def build(canary):
    levels = b"".join(POP + b"]" + put(place + 1) + b"(" + get(place) * 10 + b"e" for place in range(60))
    return {"bomb.pth": checkpoint(b"]" + put(0) + levels)}
