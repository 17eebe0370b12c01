"""A pickle behind the end of a tar, in the blocks of zeros that every tar program stops at."""
from assembling import fired, integer, pickled
from tar_files import archive

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle", "trailingData"], "inert"
FIRES = {}


def build(canary):
    none = pickled(integer(0))
    known = [("storages", none + pickled(b"]")), ("tensors", none), ("pickle", pickled(b"}"))]
    return {"end.tar": archive(known) + fired(canary)}
