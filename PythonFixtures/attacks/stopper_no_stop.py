"""The pickle ends right behind the payload, as if the download had failed."""
from assembling import checkpoint, payload, pickled

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "unreadablePickle", "refused"], "truncated"
FIRES = {"load": "runs"}


def build(canary):
    broken = pickled(payload(canary))[:-1]
    return {"zip.pth": checkpoint(b"", **{"data.pkl": broken}), "bare.pkl": broken}
