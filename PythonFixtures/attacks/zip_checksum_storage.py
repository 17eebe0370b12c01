"""The checksum of a storage is wrong: the numbers are not those that were written."""
from archives import archive, replaced
from assembling import entries, state_dict

VERDICT, FINDINGS = "suspicious", ["checksumMismatch"]
INSPECT, FIRES = "inert", {"load": "accepts"}


def build(canary):
    return {"checksum.pth": archive(replaced(entries(state_dict()), "data/0", both={"crc": 0x12345678}))}
