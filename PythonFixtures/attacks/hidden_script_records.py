"""The records beside the code of a TorchScript archive: debug information, bytecode, files that were saved with it."""
from assembling import EMPTY, checkpoint, fired, name, pickled, tensor

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal"], "inert"
FIRES = {}
CODE = b'class M(Module):\n  __parameters__ = ["weight", ]\n  __buffers__ = []\n  weight : Tensor\n'


def build(canary):
    module = name("__torch__", "M") + EMPTY + b"\x81}(X\x06\x00\x00\x00weight" + tensor() + b"ub"
    script = {"code/__torch__.py": CODE, "constants.pkl": pickled(EMPTY)}
    places = ["code/__torch__.py.debug_pkl", "bytecode.pkl", "mobile_debug_handles.pkl", "extra/notes", "attributes.pkl"]
    return {f"{number}.pt": checkpoint(module, **script, **{place: fired(canary)}) for number, place in enumerate(places)}
