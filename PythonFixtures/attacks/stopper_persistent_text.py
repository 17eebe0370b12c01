"""PERSID is a persistent id of protocol 0: a line of text. Readers that have no use for it fail, behind the payload."""
from assembling import POP, checkpoint, payload

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {"load": "runs"}
INSPECT = ("inert", "invalidStorage")


def build(canary):
    return {"persid.pth": checkpoint(payload(canary) + POP + b"Pposix.system\n")}
