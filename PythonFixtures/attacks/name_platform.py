"""The module that has `system` is called posix here and nt on Windows; a file for one is as bad on the other."""
from assembling import call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {}


def build(canary):
    return {f"{module}.pth": checkpoint(state_dict(extra=call(name(module, "system"), text(shell(canary))))) for module in ("nt", "os")}
