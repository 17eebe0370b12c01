"""functools.reduce(getattr, ["system"], module): the function that is called is the argument of another one."""
from assembling import call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "computedCall"], "inert", {"load": "runs"}


def build(canary):
    module = call(name("importlib", "import_module"), text("os"))
    function = call(name("functools", "reduce"), name("builtins", "getattr"), b"](" + text("system") + b"e", module)
    return {"reduced.pth": checkpoint(state_dict(extra=call(function, text(shell(canary)))))}
