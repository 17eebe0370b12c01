"""ctypes calls functions of C without any name of Python: CDLL(None).system."""
from assembling import NONE, call, checkpoint, data, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    function = call(name("builtins", "getattr"), call(name("ctypes", "CDLL"), NONE), text("system"))
    return {"ctypes.pth": checkpoint(state_dict(extra=call(function, data(shell(canary).encode()))), 3)}
