"""A pickle behind the last storage of a legacy file, where torch does not look any more."""
from assembling import dictionary, fired, legacy, legacy_tensor

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle", "trailingData"], "inert"
FIRES = {}


def build(canary):
    return {"end.pth": legacy(dictionary(weight=legacy_tensor())) + fired(canary)}
