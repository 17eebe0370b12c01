"""map, filter, accumulate and starmap call a function for each element once somebody asks for one; list, tuple and deque
ask. Names of containers only, next to a function that is an argument."""
from assembling import SYSTEM, call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}
MAKERS = {"map": ("builtins", "map"), "filter": ("builtins", "filter"), "starmap": ("itertools", "starmap")}
TAKERS = [("builtins", "list"), ("builtins", "tuple"), ("collections", "deque")]


def build(canary):
    command = text(shell(canary))
    elements = {"map": b"](" + command + b"e", "filter": b"](" + command + b"e", "starmap": b"](" + command + b"\x85e"}
    return {
        f"{word}.pth": checkpoint(state_dict(extra=call(name(*taker), call(name(*maker), SYSTEM, elements[word]))))
        for (word, maker), taker in zip(MAKERS.items(), TAKERS)}
