"""A stored record whose contents are the rest of the file, directory and end record included: opened as an archive, it has
the same record in it, without end. A scanner that follows archives in archives never comes back."""

from archives import Entry, body, directory, end_record, local_header
from assembling import entries, state_dict

VERDICT, FINDINGS = "suspicious", ["refused"]
INSPECT, FIRES = ("overlappingRecords", "contradictoryHeaders"), {}


def build(canary):
    made = entries(state_dict())
    content, offsets = body(made)
    inner = Entry("archive/inner.pt", b"")
    head = local_header(inner, len(content))
    start = len(content) + len(head)
    size = len(directory([*made, inner], [*offsets, 0])) + 22
    inner.central = {"size": size, "packed": size}
    listed = directory([*made, inner], [*offsets, len(content)])
    return {"itself.pth": content + head + listed + end_record(len(made) + 1, len(listed), start)}
