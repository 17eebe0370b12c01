"""A pickle between two entries, or between the last one and the directory. The directory does not list it."""
from archives import archive
from assembling import entries, fired, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "hiddenPickle", "unlistedData"]
INSPECT, FIRES = "inert", {"load": "accepts"}


def build(canary):
    hidden = fired(canary)
    return {"between.pth": archive(entries(state_dict()), between=hidden + bytes(-len(hidden) % 64))}
