"""All the calls that `weights_only` takes for values: byte strings, sets, complex numbers, devices, sizes, dtypes."""
from assembling import call, checkpoint, integer, name, numbers, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts", "weights_only": "accepts"}


def build(canary):
    real = b"G" + bytes(8)
    return {"values.pth": checkpoint(state_dict(
        raw=call(name("_codecs", "encode"), text("raw"), text("latin1")), size=call(name("torch", "Size"), numbers([2, 3])),
        ids=call(name("__builtin__", "set"), b"](" + integer(1) + integer(2) + b"e"), dtype=name("torch", "bfloat16"),
        complex=call(name("__builtin__", "complex"), real, real), device=call(name("torch", "device"), text("cuda:1")),
        counts=call(name("collections", "Counter"), b"}")))}
