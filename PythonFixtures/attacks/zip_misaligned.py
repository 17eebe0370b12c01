"""A storage begins at an odd byte of the file. Mapped, its numbers lie where some processors can't read them."""
from archives import archive, replaced
from assembling import entries, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["mmapUnsafe"], "inert", {"mmap": "accepts"}


def build(canary):
    return {"misaligned.pth": archive(replaced(entries(state_dict()), "data/0", local={"extra": b"FB\1\0Z"}))}
