"""APPEND, APPENDS and ADDITEMS call `append`, `extend` or `add` of what is no list or set. With os.system as an attribute
of that name, adding an element runs it."""
from assembling import HOOKS, SYSTEM, checkpoint, dictionary, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], ("inert", "unexpectedObject"), {"load": "runs"}


def build(canary):
    def adding(method, instructions):
        return state_dict(extra=HOOKS + dictionary(**{method: SYSTEM}) + b"b" + instructions)
    command = text(shell(canary))
    return {
        "append.pth": checkpoint(adding("append", command + b"a")),
        "appends.pth": checkpoint(adding("append", b"(" + command + b"e")),
        "additems.pth": checkpoint(adding("add", b"(" + command + b"\x90"), 4)}
