"""STOP in the middle of a frame: the rest of it belongs to no pickle, and a second payload is in there. Who reads pickle
after pickle goes on at another place in C than in pickle.py."""
from assembling import fired, frame, integer

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "hiddenPickle", "trailingData", "refused"]
INSPECT, FIRES = "malformedPickle", {"pickles": "runs"}


def build(canary):
    return {"inside.pkl": b"\x80\x04" + frame(integer(1) + b"." + fired(canary))}
