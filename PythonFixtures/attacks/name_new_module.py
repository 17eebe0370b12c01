"""SETITEM puts `os` into sys.modules under a name of the attacker's choice; then that is the module of a GLOBAL. No known
name is called."""
from assembling import POP, call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {"load": "runs"}
INSPECT = ("inert", "unexpectedObject")


def build(canary):
    known = name("sys", "modules") + text("collections.safe") + name("torch", "os") + b"s" + POP
    return {"modules.pth": checkpoint(known + state_dict(extra=call(name("collections.safe", "system"), text(shell(canary)))))}
