"""timeit.timeit has one word for module and name, so DUP will do: there is one text where scanners look for two."""
from assembling import DUP, call, checkpoint, program, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    function = text("timeit") + DUP + b"\x93"
    return {"duplicated.pth": checkpoint(state_dict(extra=call(function, text(program(canary)))), 4)}
