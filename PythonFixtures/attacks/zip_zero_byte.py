"""A name with a zero byte: to programs in C it ends there, and the record is data.pkl."""
from archives import Entry, archive
from assembling import entries, payload, pickled, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "refused"]
INSPECT, FIRES = ("contradictoryHeaders", "duplicateRecord"), {"zipfile": "runs"}


def build(canary):
    return {"zero.pth": archive(entries(state_dict()) + [Entry("archive/data.pkl\0.txt", pickled(payload(canary)))])}
