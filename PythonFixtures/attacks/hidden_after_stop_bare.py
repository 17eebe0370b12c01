"""The same in a file of pickles only, which is read to its end."""
from assembling import dictionary, fired, integer, pickled

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle", "trailingData", "refused"], "malformedPickle"
FIRES = {"pickles": "runs"}


def build(canary):
    harmless = pickled(dictionary(epoch=integer(1)))
    return {"second.pkl": harmless + fired(canary), "tenth.pkl": harmless * 9 + fired(canary)}
