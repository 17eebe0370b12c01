"""An instruction that begins inside a frame and ends behind it. pickle.py stops there, and so do scanners that are built on
it; the C module, which everybody uses, reads on and runs the payload."""
from assembling import POP, checkpoint, frame, payload, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "frameBoundary", "refused"]
INSPECT, FIRES = "malformedPickle", {"load": "runs"}


def build(canary):
    body = payload(canary) + POP + state_dict()
    return {"text.pth": checkpoint(frame(body, 20), 4)}
