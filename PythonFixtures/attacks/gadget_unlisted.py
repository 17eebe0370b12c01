"""Classes that make a file while they are made, which hardly any list has. What is not known to be harmless has to be
reported; a list of what is dangerous is never complete."""
from assembling import call, checkpoint, name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["unknownGlobal"], "inert", {"load": "runs"}


def build(canary):
    path = text(canary)
    calls = {
        "log": call(name("logging", "FileHandler"), path), "sound": call(name("wave", "Wave_write"), path)}
    return {f"{word}.pth": checkpoint(state_dict(extra=made)) for word, made in calls.items()}
