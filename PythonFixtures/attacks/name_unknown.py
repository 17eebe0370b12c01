"""A name that nobody knows is imported where it is named, and not called at all. A module of the attacker's that lies next
to the file does the rest while it is imported."""
from assembling import checkpoint, name, program, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["unknownGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {
        "named.pth": checkpoint(state_dict(extra=name("attack_helper", "Config"))),
        "attack_helper.py": f"class Config: pass\n{program(canary)}\n".encode()}
