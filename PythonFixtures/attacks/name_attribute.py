"""BUILD gives a function of numpy two attributes, which are the words, and GLOBAL with a dotted name reads them back:
STACK_GLOBAL takes what no instruction of the pickle wrote as a text."""
from assembling import NONE, POP, call, checkpoint, dictionary, name, shell, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["computedName"], "unexpectedObject", {"load": "runs"}


def build(canary):
    words = name("numpy", "prod") + NONE + dictionary(module=text("posix"), word=text("system")) + b"\x86b" + POP
    function = stack_name("numpy", "prod.module") + stack_name("numpy", "prod.word") + b"\x93"
    return {"attribute.pth": checkpoint(words + state_dict(extra=call(function, text(shell(canary)))), 4)}
