"""A second pickle behind STOP. Readers of one pickle leave it alone; those that go on, as torch does with legacy files and
joblib with arrays, run it."""
from assembling import checkpoint, dictionary, fired, integer, pickled, state_dict

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle", "trailingData", "refused"], "malformedPickle"
FIRES = {}


def build(canary):
    return {
        "zip.pth": checkpoint(b"", **{"data.pkl": pickled(state_dict()) + fired(canary)}),
        "bare.pkl": pickled(dictionary(epoch=integer(1))) + fired(canary)}
