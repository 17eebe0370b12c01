"""The payload is behind the place where pickle.py stops: for it, and for a scanner like it, the file is only broken."""
from assembling import frame, payload, text

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "frameBoundary", "refused"]
INSPECT, FIRES = "malformedPickle", {"load": "runs", "pickle": "runs"}


def build(canary):
    body = text("harmless") + b"0" + payload(canary)
    return {"late.pkl": b"\x80\x04" + frame(body, 6) + b"."}
