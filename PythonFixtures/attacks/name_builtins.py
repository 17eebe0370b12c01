"""Every module has `__builtins__`, and `get` of that dictionary has all the functions. No name of them is in the place
where names are."""
from assembling import call, checkpoint, program, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "computedCall"], "inert", {"load": "runs"}


def build(canary):
    function = call(stack_name("numpy", "__builtins__.get"), text("eval"))
    return {"builtins.pth": checkpoint(state_dict(extra=call(function, text(program(canary)))), 4)}
