"""An archive of TorchScript: its code is code, but it is not Python's pickler that runs it, and a note has to do."""
from assembling import EMPTY, checkpoint, name, pickled, tensor

VERDICT, FINDINGS, INSPECT, FIRES = "clean", ["scriptCode"], "inert", {}
CODE = b'class M(Module):\n  __parameters__ = ["weight", ]\n  __buffers__ = []\n  weight : Tensor\n'


def archive(code):
    module = name("__torch__", "M") + EMPTY + b"\x81}(X\x06\x00\x00\x00weight" + tensor() + b"ub"
    return checkpoint(module, **{"code/__torch__.py": code, "constants.pkl": pickled(EMPTY)})


def build(canary):
    return {"script.pt": archive(CODE)}
