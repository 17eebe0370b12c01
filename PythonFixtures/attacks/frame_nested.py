"""A frame that begins inside another one: an error in pickle.py, nothing special in C."""
from assembling import frame, payload

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "frameBoundary", "refused"]
INSPECT, FIRES = "malformedPickle", {"load": "runs", "pickle": "runs"}


def build(canary):
    inner = frame(payload(canary))
    return {"nested.pkl": b"\x80\x04" + frame(b"N0" + inner, len(inner) + 20) + b"." + bytes(40)}
