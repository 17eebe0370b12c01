"""A state dict as torch saves it. Whoever finds fault with it cries wolf."""
from assembling import checkpoint, state_dict, tensor

VERDICT, FINDINGS, INSPECT = "clean", [], "inert"
FIRES = {"load": "accepts", "weights_only": "accepts", "mmap": "accepts"}


def build(canary):
    views = {"view": tensor((2, 2), (4, 1), 5), "scalar": tensor((), (), 3)}
    return {"plain.pth": checkpoint(state_dict(**views))}
