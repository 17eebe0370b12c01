"""Bytes behind the archive that belong to nothing. torch does not look there."""
from archives import archive
from assembling import entries, state_dict

VERDICT, FINDINGS = "suspicious", ["trailingData"]
INSPECT, FIRES = "inert", {"load": "accepts"}


def build(canary):
    return {"trailing.pth": archive(entries(state_dict()), suffix=bytes(range(1, 200)))}
