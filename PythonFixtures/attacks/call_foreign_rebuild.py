"""torch._tensor._rebuild_from_type_v2, which weights_only accepts, calls the function that is its first argument. No
instruction of the pickle calls that."""
from assembling import NONE, SYSTEM, call, checkpoint, group, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    arguments = group(text(shell(canary)))
    rebuilt = call(name("torch._tensor", "_rebuild_from_type_v2"), SYSTEM, name("builtins", "int"), arguments, NONE)
    return {"foreign.pth": checkpoint(state_dict(extra=rebuilt))}
