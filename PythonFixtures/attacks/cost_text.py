"""A text of 1 MB at 10,000 places: 10 GB, when it is printed."""
import pickle

from assembling import checkpoint

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts"}


def build(canary):
    value = "x" * 1_000_000
    for _ in range(4):
        value = [value] * 10
    return {"text.pth": checkpoint(pickle.dumps(value, 2)[2:-1])}
