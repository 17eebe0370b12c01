"""The same by NEWOBJ_EX, which takes keyword arguments besides and which few scanners know."""
from assembling import SYSTEM, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    mapped = name("builtins", "map") + SYSTEM + b"](" + text(shell(canary)) + b"e\x86}\x92"
    return {"newobj_ex.pth": checkpoint(state_dict(extra=name("builtins", "bytes") + mapped + b"\x85}\x92"), 4)}
