"""Functions that load another file, which the scanner of this one does not see: here one next to it."""
import os

from assembling import NONE, call, checkpoint, name, payload, pickled, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    other = text(os.path.join(os.path.dirname(canary), "other.py"))
    module = name("torch.serialization", "pickle")  # whoever says which pickle module gives up weights_only
    return {
        "numpy.pth": checkpoint(state_dict(extra=call(name("numpy", "load"), other, NONE, b"\x88"))),
        "torch.pth": checkpoint(state_dict(extra=call(name("torch.serialization", "load"), other, NONE, module))),
        "other.py": pickled(payload(canary))}
