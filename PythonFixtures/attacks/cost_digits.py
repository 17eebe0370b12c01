"""The same integer as text: reading it takes time in proportion to the square of its digits."""
from assembling import checkpoint, dictionary

VERDICT, FINDINGS = "suspicious", ["refused"]
INSPECT, FIRES = "limitExceeded", {}


def build(canary):
    digits = b"7" * 1_000_000
    return {
        "long.pth": checkpoint(dictionary(seed=b"L" + digits + b"L\n")), "int.pth": checkpoint(dictionary(seed=b"I" + digits + b"\n"))}
