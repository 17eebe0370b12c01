"""From protocol 4 on, the dots in a name are followed from attribute to attribute. Most modules have imported `os`, so
the function of a harmless module is os.system."""
from assembling import call, checkpoint, shell, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}
PLACES = [("torch.serialization", "os.system"), ("posixpath", "os.system"), ("torch", "_utils.torch.os.system")]


def build(canary):
    return {
        f"{place}.pth": checkpoint(state_dict(extra=call(stack_name(*words), text(shell(canary)))), 4)
        for place, words in enumerate(PLACES)}
