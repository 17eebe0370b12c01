"""marshal reads code as Python compiled it, types makes a function of it, and the pickle calls the function."""
import marshal

from assembling import call, checkpoint, data, name, program, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "computedCall"], "inert", {"load": "runs"}


def build(canary):
    code = call(name("marshal", "loads"), data(marshal.dumps(compile(program(canary), "x", "exec"))))
    names = b"}X\x0c\x00\x00\x00__builtins__" + name("builtins", "__dict__") + b"s"
    return {"marshal.pth": checkpoint(state_dict(extra=call(call(name("types", "FunctionType"), code, names))), 3)}
