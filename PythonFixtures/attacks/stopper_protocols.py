"""PROTO in the middle of a pickle, several times and with other numbers. Python heeds each; strict parsers stop."""
from assembling import POP, checkpoint, payload, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    return {"protocols.pth": checkpoint(b"\x80\x04\x80\x00" + payload(canary) + POP + b"\x80\x05" + state_dict())}
