"""A bomb without nesting: a hundred entries share one deflated kernel, so that 1 MB inflates to 100 GB."""
from archives import Entry, body, directory, end_record
from assembling import entries, state_dict
from cost_zip_bomb import bomb

VERDICT, FINDINGS = "suspicious", ["overlappingRecords", "refused"]
INSPECT, FIRES = ("overlappingRecords", "contradictoryHeaders"), {}


def build(canary):
    kernel = bomb(b"", bytes(1_000_000), b"")
    kernel.name = b"archive/data/1"
    made = [*entries(state_dict()), kernel]
    content, offsets = body(made)
    copies = []
    for place in range(2, 102):
        copy = Entry(f"archive/data/{place}", b"", both=kernel.central | {"packed": len(kernel.packed)})
        copies.append(copy)
    listed = directory(made + copies, offsets + [offsets[-1]] * len(copies))
    return {"overlapping.pth": content + listed + end_record(len(made) + len(copies), len(listed), len(content))}
