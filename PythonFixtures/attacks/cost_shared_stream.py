"""A bomb without nesting whose entries do not tell each other apart: thousands of names for one deflated stream, and for one
stored one, of as many bytes as a scan inflates at once."""
from archives import Entry, body, directory, end_record
from assembling import entries, state_dict

VERDICT, FINDINGS = "suspicious", ["contradictoryHeaders", "refused", "limitReached"]
INSPECT, FIRES = "contradictoryHeaders", {}


def build(canary):
    deflated = Entry("archive/data/1", bytes(63_000_000), deflated=True)
    return {"deflated.pth": shared(deflated, 2000), "stored.pth": shared(Entry("archive/data/1", bytes(1_500_000)), 4000)}


def shared(kernel, count):
    made = [*entries(state_dict()), kernel]
    content, offsets = body(made)
    fields = kernel.fields() | kernel.central
    same = {word: fields[word] for word in ("crc", "size", "method", "packed")}
    copies = [Entry(f"archive/extra/{place}", b"", central=same) for place in range(count)]
    listed = directory(made + copies, offsets + [offsets[-1]] * count)
    return content + listed + end_record(len(made) + count, len(listed), len(content))
