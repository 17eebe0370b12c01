"""operator.attrgetter("system")(module) instead of getattr, and __import__ instead of importlib."""
from assembling import call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "computedCall"], "inert", {"load": "runs"}


def build(canary):
    getter = call(name("operator", "attrgetter"), text("system"))
    module = call(name("builtins", "__import__"), text("posix"))
    return {"attrgetter.pth": checkpoint(state_dict(extra=call(call(getter, module), text(shell(canary)))))}
