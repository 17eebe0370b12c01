"""A record is a whole checkpoint of its own, with a payload; in it may be another one."""
from assembling import checkpoint, payload, state_dict

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert"
FIRES = {}


def build(canary):
    inner = checkpoint(state_dict(extra=payload(canary)))
    between = checkpoint(state_dict(), **{"inner.pt": inner})
    return {"once.pth": checkpoint(state_dict(), **{"inner.bin": inner}), "twice.pth": checkpoint(state_dict(), **{"ema": between})}
