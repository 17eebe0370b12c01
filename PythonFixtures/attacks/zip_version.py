"""A container version that no torch has, or that is no number."""
from assembling import checkpoint, state_dict

VERDICT, FINDINGS = "suspicious", ["refused"]
INSPECT, FIRES = ("unsupportedFormat", "damagedArchive"), {}


def build(canary):
    return {f"{place}.pth": checkpoint(state_dict(), version=word) for place, word in enumerate((b"11\n", b"-1\n", b"three", b"9" * 5000))}
