"""MEMOIZE puts into the slot that has the number of slots in use. Whoever does not count what BINPUT did holds slots 0 and
1 for harmless words that are in 2 and 3."""
from assembling import MEMOIZE, POP, call, checkpoint, get, put, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    words = text("posix") + put(0) + text("system") + put(1)
    harmless = text("torch._utils") + MEMOIZE + text("_rebuild_tensor_v2") + MEMOIZE
    function = get(0) + get(1) + b"\x93"
    return {"mixed.pth": checkpoint(words + harmless + POP * 4 + state_dict(extra=call(function, text(shell(canary)))), 4)}
