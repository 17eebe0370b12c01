"""constants.pkl makes torch take the archive for TorchScript, whose reader knows no os.system. Programs that unpack every
pickle run it."""
from assembling import checkpoint, fired, state_dict

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {"zipfile": "runs"}
INSPECT = ("inert", "malformedPickle", "forbiddenGlobal")


def build(canary):
    return {"constants.pth": checkpoint(state_dict(), **{"constants.pkl": fired(canary)})}
