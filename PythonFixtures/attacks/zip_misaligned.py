"""A storage begins at an odd byte of the file. Mapped, its numbers lie where some processors can't read them."""
from archives import archive, replaced
from assembling import STORAGE, entries, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["mmapUnsafe"], "inert", {"mmap": "accepts"}


def build(canary):
    made = (archive(replaced(entries(state_dict()), "data/0", local={"extra": b"FB" + bytes([room, 0]) + b"Z" * room})) for room in (0, 1))
    return {"misaligned.pth": next(file for file in made if file.index(STORAGE) % 2)}
