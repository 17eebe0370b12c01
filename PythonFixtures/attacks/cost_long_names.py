"""100,000 names whose module and name are one text of 1,000 bytes from the memo: 200 MB, when each is written out."""
from assembling import checkpoint, get, put, text

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["unknownGlobal"], "inert", {}


def build(canary):
    return {"names.pth": checkpoint(b"](" + text("n" * 1_000) + put(0) + (get(0) + get(0) + b"\x93") * 100_000 + b"e", 4)}
