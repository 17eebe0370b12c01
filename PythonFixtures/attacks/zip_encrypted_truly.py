"""A record that really is encrypted: nobody knows what is in it."""
from archives import Entry, archive
from assembling import entries, state_dict

VERDICT, FINDINGS = "suspicious", ["encryptedRecord", "refused"]
INSPECT, FIRES = "encryptedRecord", {}


def build(canary):
    return {"encrypted.pth": archive(entries(state_dict()) + [Entry("archive/code.bin", bytes(range(7, 107)), both={"flags": 0x801})])}
