"""The tar of torch 0.1 has three members that are unpickled: two of them are tables of numbers."""
from assembling import POP, integer, payload, pickled
from tar_files import archive

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {"load": "runs"}
INSPECT = ("malformedPickle", "invalidStorage")


def build(canary):
    none, run = pickled(integer(0)), payload(canary) + POP
    harmless = {"storages": none + pickled(b"]"), "tensors": none, "pickle": pickled(b"}")}
    changes = {
        "storages": {"storages": pickled(run + integer(0)) + pickled(b"]")}, "views": {"storages": none + pickled(run + b"]")},
        "tensors": {"tensors": pickled(run + integer(0))}}
    return {f"{word}.tar": archive(list((harmless | change).items())) for word, change in changes.items()}
