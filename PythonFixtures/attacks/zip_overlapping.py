"""Two storages are the same bytes of the file. What is written into one tensor changes the other when they are mapped, and
a file of some KB can have any number of records."""
from archives import Entry, body, directory, end_record
from assembling import STORAGE, dictionary, entries, storage, tensor

VERDICT, FINDINGS = "suspicious", ["overlappingRecords", "refused"]
INSPECT, FIRES = ("overlappingRecords", "contradictoryHeaders"), {"load": "accepts", "mmap": "accepts"}


def build(canary):
    made = entries(dictionary(a=tensor(), b=tensor(source=storage(key="1"))))
    content, offsets = body(made)
    place = next(number for number, entry in enumerate(made) if entry.name.endswith(b"data/0"))
    made.append(Entry("archive/data/1", STORAGE))
    listed = directory(made, [*offsets, offsets[place]])
    return {"overlapping.pth": content + listed + end_record(len(made), len(listed), len(content))}
