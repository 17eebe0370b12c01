"""data.pkl is marked as encrypted in the directory, and is not: who trusts the mark does not look, who ignores it runs it."""
from archives import archive, replaced
from assembling import entries, payload, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "encryptedRecord", "refused"]
INSPECT, FIRES = "encryptedRecord", {}


def build(canary):
    made = entries(state_dict(extra=payload(canary)))
    return {
        "both.pth": archive(replaced(made, "data.pkl", both={"flags": 0x801})),
        "central.pth": archive(replaced(made, "data.pkl", central={"flags": 0x801}))}
