"""A ZIP64 end record that claims four thousand million entries. Who makes room for them has none left."""
from archives import body, directory, end64, end_record
from assembling import entries, state_dict

VERDICT, FINDINGS, FIRES = "suspicious", ["refused"], {}
INSPECT = ("damagedArchive", "limitExceeded", "contradictoryHeaders")


def build(canary):
    made = entries(state_dict())
    content, offsets = body(made)
    listed = directory(made, offsets)
    last = end64(0xFFFFFFFF, len(listed), len(content), len(content) + len(listed)) + end_record(0xFFFF, len(listed), len(content))
    return {"claimed.pth": content + listed + last}
