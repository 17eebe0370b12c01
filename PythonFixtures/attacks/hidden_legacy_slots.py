"""A legacy file is five pickles, and only the fourth is the model. A call in the one of the magic number, the version, the
machine or the list of keys runs before or after it."""
from assembling import DICT, MAGIC, POP, dictionary, integer, legacy, legacy_tensor, payload, text

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "refused"], "malformedPickle"
FIRES = {"load": "runs"}


def build(canary):
    run, model = payload(canary) + POP, dictionary(weight=legacy_tensor())
    return {
        "magic.pth": legacy(model, magic=run + MAGIC), "version.pth": legacy(model, version=run + integer(1001)),
        "system.pth": legacy(model, system=run + DICT), "keys.pth": legacy(model, keys=run + b"](" + text("0") + b"e")}
