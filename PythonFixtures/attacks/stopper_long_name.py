"""A module name of 100 KB behind the payload: longer than the limits of careful readers, who refuse the file without a word
about what is before it."""
from assembling import POP, checkpoint, name, payload

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "refused"], "limitExceeded"
FIRES = {"load": "runs"}


def build(canary):
    return {"name.pth": checkpoint(payload(canary) + POP + name("a" * 100_000, "b"))}
