"""The same with a payload at its bottom: it is called once, and named once, however many ways lead there."""
from assembling import POP, checkpoint, get, payload, put

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    levels = b"".join(POP + b"]" + put(place + 1) + b"(" + get(place) * 10 + b"e" for place in range(60))
    return {"bomb.pth": checkpoint(payload(canary) + put(0) + levels)}
