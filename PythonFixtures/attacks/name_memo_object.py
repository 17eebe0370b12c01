"""PUT stores the object on the stack, not the argument of the instruction before it. Here that argument is harmless, and
a POP stands between."""
from assembling import POP, call, checkpoint, get, put, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    words = text("posix") + text("collections") + POP + put(0) + POP + text("system") + text("OrderedDict") + POP + put(1) + POP
    function = get(0) + get(1) + b"\x93"
    return {"object.pth": checkpoint(words + state_dict(extra=call(function, text(shell(canary)))), 4)}
