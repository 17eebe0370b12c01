"""A file of torch before 1.6: five pickles in a row and a storage behind them, all of which are what they should be."""
from assembling import dictionary, legacy, legacy_tensor

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts", "weights_only": "accepts"}


def build(canary):
    return {"legacy.pth": legacy(dictionary(weight=legacy_tensor()))}
