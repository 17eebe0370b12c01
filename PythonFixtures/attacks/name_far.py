"""Between the words and STACK_GLOBAL, other things are made and thrown away. Scanners that look at the two instructions
before it find harmless words there."""
from assembling import POP, call, checkpoint, integer, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    between = text("collections") + text("OrderedDict") + POP + POP
    marked = b"(" + text("collections") + text("OrderedDict") + b"1"
    function = text("posix") + between + text("system") + integer(7) + POP + marked + b"\x93"
    return {"far.pth": checkpoint(state_dict(extra=call(function, text(shell(canary)))), 4)}
