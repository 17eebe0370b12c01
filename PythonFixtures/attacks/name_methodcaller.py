"""operator.methodcaller("system", command)(module): function and call in one."""
from assembling import call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "computedCall"], "inert", {"load": "runs"}


def build(canary):
    caller = call(name("operator", "methodcaller"), text("system"), text(shell(canary)))
    return {"methodcaller.pth": checkpoint(state_dict(extra=call(caller, call(name("importlib", "import_module"), text("os")))))}
