"""The result of the call is the key of a dictionary, or an element of a set."""
from assembling import checkpoint, integer, payload, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {
        "key.pth": checkpoint(state_dict(extra=b"}" + payload(canary) + integer(1) + b"s")),
        "element.pth": checkpoint(state_dict(extra=b"\x8f(" + payload(canary) + b"\x90"), 4)}
