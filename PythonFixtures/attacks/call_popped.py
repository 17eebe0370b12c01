"""The result of the call is thrown away, by POP or together with all that is above a mark. Scanners that look at the object
that is left, or print a program with the values that are used, show nothing of it."""
from assembling import MARK, POP, SYSTEM, checkpoint, payload, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    command = text(shell(canary))
    return {
        "reduce.pth": checkpoint(payload(canary) + POP + state_dict()),
        "obj.pth": checkpoint(MARK + SYSTEM + command + b"o" + POP + state_dict()),
        "inst.pth": checkpoint(MARK + command + b"iposix\nsystem\n" + POP + state_dict()),
        "marked.pth": checkpoint(MARK + payload(canary) + b"1" + state_dict()),
        "behind.pth": checkpoint(state_dict() + payload(canary) + POP)}
