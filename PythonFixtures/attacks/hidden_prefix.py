"""A pickle before the archive. Python's zipfile finds the archive from its end and sees a harmless checkpoint; torch and
pickle begin at the beginning, and run the payload."""
from archives import archive
from assembling import entries, fired, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "polyglot", "refused"]
INSPECT, FIRES = "malformedPickle", {"load": "runs", "pickle": "runs"}


def build(canary):
    return {"prefix.pth": archive(entries(state_dict()), prefix=fired(canary))}
