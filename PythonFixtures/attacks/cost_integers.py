"""An integer of 8 million bits is read in no time and printed in minutes; one of decimal digits takes minutes to read, so
Python refuses it."""
import struct

from assembling import checkpoint, dictionary

VERDICT, FINDINGS = "clean", []
INSPECT, FIRES = "inert", {"load": "accepts"}


def build(canary):
    return {"binary.pth": checkpoint(dictionary(seed=b"\x8b" + struct.pack("<I", 1_000_000) + b"\x55" * 1_000_000))}
