"""A tar whose first member is named like a zip begins, and a zip at its end: by its end a harmless zip, by its header a tar
of torch 0.1 with a payload in it."""
from archives import archive as zipped
from assembling import entries, integer, payload, pickled, state_dict
from tar_files import archive as tarred

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "polyglot"]
INSPECT, FIRES = ("inert", "damagedArchive"), {"load": "runs"}


def build(canary):
    none = pickled(integer(0))
    tar = tarred([("storages", none + pickled(b"]")), ("tensors", none), ("pickle", pickled(payload(canary)))])
    return {"both.pth": zipped(entries(state_dict()), prefix=tar)}
