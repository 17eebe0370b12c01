"""The payload lies in 20,000 lists. Scanners that walk the objects, or call themselves, end before it, some of them with a
stack overflow."""
from assembling import checkpoint, payload

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], ("inert", "limitExceeded"), {"load": "runs"}
DEPTH = 3_000


def build(canary):
    return {"deep.pth": checkpoint(b"]" * DEPTH + payload(canary) + b"a" * DEPTH)}
