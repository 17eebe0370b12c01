"""SETITEM writes into any object that takes it. Here it is the environment, which every later process inherits: no call
from beginning to end."""
from assembling import checkpoint, name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], ("inert", "unexpectedObject"), {"load": "accepts"}


def build(canary):
    return {"environ.pth": checkpoint(state_dict(extra=name("os", "environ") + text("PYTHONSTARTUP") + text(canary) + b"s"))}
