"""Legacy files refer to classes together with their source. If that has changed and the class says `dump_patches`, torch
writes a patch into a file that is called like the class. A function will do for the class, and BUILD sets both attributes:
a file is written, and the only name in the pickle is that of relu."""
from assembling import NONE, POP, dictionary, group, legacy, name, text

VERDICT, FINDINGS, INSPECT = "suspicious", ["unknownGlobal", "refused"], "unexpectedObject"
FIRES = {"load": "runs"}


def build(canary):
    relu = name("torch.nn.functional", "relu")
    settings = relu + NONE + dictionary(dump_patches=b"\x88", __name__=text(canary)) + b"\x86b" + POP
    reference = group(text("module"), relu, text("relu.py"), text("def relu(): pass\n")) + b"Q"
    return {"module.pth": legacy(settings + reference, keys=b"]", contents=b"")[:-8]}
