"""The object in a tar of torch 0.1. Scanners know the zip and the legacy file; this one is forgotten."""
from assembling import integer, payload, pickled
from tar_files import archive

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    none = pickled(integer(0))
    return {"object.pth.tar": archive([("storages", none + pickled(b"]")), ("tensors", none), ("pickle", pickled(payload(canary)))])}
