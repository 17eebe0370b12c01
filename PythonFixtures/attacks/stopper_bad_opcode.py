"""A byte that is no instruction, behind the payload. Scanners that parse all of a pickle before they judge give up with an
error and no finding; Python has run the payload by then."""
from assembling import POP, checkpoint, payload, pickled

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "unreadablePickle", "refused"], "unknownOpcode"
FIRES = {"load": "runs"}


def build(canary):
    broken = pickled(payload(canary) + POP + b"\xff")
    return {"zip.pth": checkpoint(b"", **{"data.pkl": broken}), "bare.pkl": broken}
