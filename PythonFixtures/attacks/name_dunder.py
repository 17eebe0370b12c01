"""Attributes that every object has, of an accepted function: its globals, its class, its code. They lead to everything."""
from assembling import EMPTY, call, checkpoint, program, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal"], "inert"
FIRES = {"load": {"globals.pth": "runs"}}


def build(canary):
    function = call(stack_name("torch._utils", "_rebuild_tensor_v2.__globals__.__getitem__"), text("__builtins__"))
    taken = call(stack_name("builtins", "dict.__getitem__"), function, text("exec"))
    return {
        "globals.pth": checkpoint(state_dict(extra=call(taken, text(program(canary)))), 4),
        "subclasses.pth": checkpoint(state_dict(extra=call(stack_name("collections", "OrderedDict.__base__.__base__.__subclasses__"))), 4),
        "call.pth": checkpoint(state_dict(extra=stack_name("torch._utils", "_rebuild_tensor_v2.__call__") + EMPTY + b"R"), 4)}
