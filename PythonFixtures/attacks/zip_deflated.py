"""data.pkl is deflated. Scanners that look at the bytes of the file see no name in it."""
from archives import archive, replaced
from assembling import entries, payload, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {"deflated.pth": archive(replaced(entries(state_dict(extra=payload(canary))), "data.pkl", deflated=True))}
