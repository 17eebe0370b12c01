"""data.pkl is marked as encrypted in its own header only. Python's zipfile asks for a password; torch does not look there."""
from archives import archive, replaced
from assembling import entries, payload, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "refused"]
INSPECT, FIRES = ("contradictoryHeaders", "encryptedRecord"), {"load": "runs"}


def build(canary):
    return {"local.pth": archive(replaced(entries(state_dict(extra=payload(canary))), "data.pkl", local={"flags": 0x801}))}
