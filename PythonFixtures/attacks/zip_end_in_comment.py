"""The comment of the archive holds a second end record. Who searches from behind finds that one first; it leads to another
directory, with the harmful data.pkl."""
from archives import Entry, body, directory, end_record
from assembling import entries, payload, pickled, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "refused"]
INSPECT, FIRES = ("contradictoryHeaders", "damagedArchive"), {"load": "runs"}


def build(canary):
    made = entries(state_dict())
    other = Entry("archive/data.pkl", pickled(state_dict(extra=payload(canary))))
    content, offsets = body([*made, other])
    hidden = directory([other, *made[1:]], [offsets[-1], *offsets[1:]])
    listed = directory(made, offsets)
    comment = end_record(4, len(hidden), len(content))
    return {"comment.pth": content + hidden + listed + end_record(4, len(listed), len(content) + len(hidden), comment)}
