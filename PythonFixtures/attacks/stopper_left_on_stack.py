"""STOP takes the topmost object and forgets the others, of which one is the result of the payload. A parser that insists
on one object refuses the file."""
from assembling import checkpoint, payload, state_dict

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "refused"], "malformedPickle"
FIRES = {"load": "runs"}


def build(canary):
    return {"left.pth": checkpoint(payload(canary) + state_dict()), "marked.pth": checkpoint(payload(canary) + b"(" + state_dict())}
