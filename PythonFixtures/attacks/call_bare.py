"""The same in a pickle by itself, under the extension of a checkpoint: who goes by the extension looks for an archive and
gives up, while pickle.load does not mind."""
from assembling import payload, pickled

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs", "pickle": "runs", "pickle.py": "runs"}


def build(canary):
    return {"bare.bin": pickled(payload(canary)), "bare.ckpt": pickled(payload(canary), 4)}
