"""A call of what a call returned: partial(os.system, …)(). The second call has no name."""
from assembling import SYSTEM, call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "computedCall"], "inert", {"load": "runs"}


def build(canary):
    return {"partial.pth": checkpoint(state_dict(extra=call(call(name("functools", "partial"), SYSTEM, text(shell(canary))))))}
