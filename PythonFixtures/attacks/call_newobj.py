"""No call at all: NEWOBJ makes a `map` of os.system, and bytes of that; bytes() goes through the map, and the map calls.
Fools those who hold NEWOBJ for harmless, or a function for harmless that is only an argument."""
from assembling import SYSTEM, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    mapped = name("builtins", "map") + SYSTEM + b"](" + text(shell(canary)) + b"e\x86\x81"
    return {"newobj.pth": checkpoint(state_dict(extra=name("builtins", "bytes") + mapped + b"\x85\x81"))}
