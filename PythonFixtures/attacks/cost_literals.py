"""20,000 literals that all begin like pickles, and one that is one. Whoever looks into each from each starts again and again;
whoever gives up has to say so."""
from assembling import checkpoint, data, fired

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["limitReached"], "inert", {}


def build(canary):
    return {"many.pth": checkpoint(b"](" + data(b"\x80\x02" + b"(" * 40) * 20_000 + data(fired(canary)) + b"e", 3)}
