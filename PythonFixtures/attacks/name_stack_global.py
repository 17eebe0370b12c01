"""STACK_GLOBAL takes module and name from the stack, as every pickler since protocol 4 writes it."""
from assembling import call, checkpoint, shell, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {"stack.pth": checkpoint(state_dict(extra=call(stack_name("posix", "system"), text(shell(canary)))), 4)}
