"""numpy's helpers for its tests and for f2py run text, too."""
from assembling import call, checkpoint, name, program, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    code = text(program(canary))
    calls = {
        "runstring": call(name("numpy.testing._private.utils", "runstring"), code, b"}"),
        "getlincoef": call(name("numpy.f2py.crackfortran", "getlincoef"), code, b"}"),
        "eval_scalar": call(name("numpy.f2py.crackfortran", "_eval_scalar"), code, b"}")}
    return {f"{word}.pth": checkpoint(state_dict(extra=made)) for word, made in calls.items()}
