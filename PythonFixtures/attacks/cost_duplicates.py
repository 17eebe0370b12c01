"""DUP and TUPLE2, 200 times: a pair of a pair of a pair …, with 2^200 ends. Hashing it, as for a key of a dictionary, takes
for ever in Python."""
from assembling import DUP, checkpoint, integer

VERDICT, FINDINGS, INSPECT = "clean", [], "inert"
FIRES = {"load": {"key.pth": "time", "value.pth": "accepts"}}


def build(canary):
    pairs = integer(1) + (DUP + b"\x86") * 200
    return {"value.pth": checkpoint(pairs), "key.pth": checkpoint(b"}" + pairs + integer(1) + b"s")}
