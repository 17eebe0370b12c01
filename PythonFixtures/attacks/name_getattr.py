"""getattr(importlib.import_module("os"), "system"): the function that is called is nowhere named as such."""
from assembling import call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    module = call(name("importlib", "import_module"), text("os"))
    function = call(name("builtins", "getattr"), module, text("system"))
    return {"getattr.pth": checkpoint(state_dict(extra=call(function, text(shell(canary)))))}
