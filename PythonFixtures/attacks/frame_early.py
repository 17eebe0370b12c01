"""Frames in protocol 2, of no length, one in each place where one can be. Python heeds them whatever the protocol is."""
from assembling import POP, checkpoint, frame, payload, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal"]
INSPECT, FIRES = ("inert", "malformedPickle"), {"load": "runs"}


def build(canary):
    return {"early.pth": checkpoint(frame(b"") * 50 + frame(payload(canary)) + POP + frame(b"") + state_dict())}
