"""STOP lies behind the end of the frame, or in the middle of one that goes on. Readers differ about what belongs to the
pickle; the payload is in what all of them read."""
from assembling import POP, frame, payload

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal"]
INSPECT, FIRES = ("inert", "malformedPickle"), {"load": "runs", "pickle": "runs", "pickle.py": "runs"}


def build(canary):
    body = payload(canary) + POP + b"N"
    return {"outside.pkl": b"\x80\x04" + frame(body) + b"."}
