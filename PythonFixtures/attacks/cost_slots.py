"""PUT into a slot with a huge number. The C module of Python makes an array of twice that many slots, and so does whoever
keeps the memo in one."""
import struct

from assembling import checkpoint, state_dict

VERDICT, FINDINGS, INSPECT = "clean", [], "inert"
FIRES = {"load": {"binary.pth": "memory", "text.pth": "memory"}}


def build(canary):
    return {
        "binary.pth": checkpoint(b"Nr" + struct.pack("<I", 0xFFFFFFF0) + b"0" + state_dict()),
        "text.pth": checkpoint(b"Np999999999\n0" + state_dict())}
