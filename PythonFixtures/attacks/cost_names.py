"""100,000 different unknown names, each of which has to be reported, or counted."""
from assembling import checkpoint, name

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["unknownGlobal"], "inert", {}


def build(canary):
    return {"names.pth": checkpoint(b"](" + b"".join(name("module", f"Class{place}") for place in range(100_000)) + b"e")}
