"""A pickle behind the archive, or instead of its last storage's padding."""
from archives import archive
from assembling import entries, fired, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "hiddenPickle", "trailingData"]
INSPECT, FIRES = "inert", {"load": "accepts"}


def build(canary):
    return {"suffix.pth": archive(entries(state_dict()), suffix=fired(canary))}
