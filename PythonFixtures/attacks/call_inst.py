"""INST of protocol 0 names and calls in one instruction, without GLOBAL or REDUCE."""
from assembling import checkpoint, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {"inst.pth": checkpoint(state_dict(extra=b"(" + text(shell(canary)) + b"iposix\nsystem\n"))}
