"""The checksum of data.pkl is wrong. Python's zipfile refuses to read it, and with it each scanner that uses that; torch
does not check."""
from archives import archive, replaced
from assembling import entries, payload, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "checksumMismatch"]
INSPECT, FIRES = "inert", {"load": "runs"}


def build(canary):
    return {"checksum.pth": archive(replaced(entries(state_dict(extra=payload(canary))), "data.pkl", both={"crc": 0x12345678}))}
