"""Bytes between the entries that the directory does not list, too many for padding."""
from archives import archive
from assembling import entries, state_dict

VERDICT, FINDINGS = "suspicious", ["unlistedData"]
INSPECT, FIRES = "inert", {"load": "accepts"}


def build(canary):
    return {"between.pth": archive(entries(state_dict()), between=bytes(range(1, 200)) * 5 + bytes(5))}
