"""A slot of the memo is written twice, before and after it is used. A scanner that collects the memo first, or that
believes that slots are written once, reads a harmless word."""
from assembling import POP, call, checkpoint, get, put, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    def slots(module, word):
        return text(module) + put(0) + POP + text(word) + put(1) + POP
    function = get(0) + get(1) + b"\x93"
    harmless = slots("collections", "OrderedDict")
    used = call(function, text(shell(canary))) + POP
    return {"overwritten.pth": checkpoint(harmless + slots("posix", "system") + used + harmless + state_dict(), 4)}
