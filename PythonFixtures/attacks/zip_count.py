"""The end record counts fewer entries than the directory has. torch reads as many as it says, Python as many as there are:
the last ones exist for one of the two."""
from archives import Entry, body, directory, end_record
from assembling import entries, fired, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "refused"]
INSPECT, FIRES = ("contradictoryHeaders", "damagedArchive"), {"zipfile": "runs"}


def build(canary):
    made = [*entries(state_dict()), Entry("archive/more.pkl", fired(canary))]
    content, offsets = body(made)
    listed = directory(made, offsets)
    return {"count.pth": content + listed + end_record(len(made) - 1, len(listed), len(content))}
