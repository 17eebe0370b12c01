"""100,000 lists, tuples or dictionaries in each other. Whoever calls itself for each level runs out of stack. This package does
not, but lists no more than 4,096 levels."""
from assembling import checkpoint, integer

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["refused"], "limitExceeded", {}
DEPTH = 100_000


def build(canary):
    return {
        "lists.pth": checkpoint(b"]" * DEPTH + b"a" * (DEPTH - 1)), "tuples.pth": checkpoint(b")" + b"\x85" * DEPTH),
        "dictionaries.pth": checkpoint((b"}" + integer(1)) * DEPTH + b"N" + b"s" * DEPTH)}
