"""OBJ calls what lies under the arguments, back to the mark; scanners that know REDUCE only do not see a call."""
from assembling import SYSTEM, checkpoint, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {"obj.pth": checkpoint(state_dict(extra=b"(" + SYSTEM + text(shell(canary)) + b"o"))}
