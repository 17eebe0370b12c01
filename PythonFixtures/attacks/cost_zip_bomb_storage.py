"""A storage of 1 GB, deflated. No tensor needs it, but a scanner that looks for pickles everywhere inflates it."""
from archives import archive
from assembling import entries, state_dict
from cost_zip_bomb import bomb

VERDICT, FINDINGS, FIRES = "suspicious", ["mmapUnsafe"], {}
INSPECT = ("inert", "limitExceeded")


def build(canary):
    big = bomb(b"", bytes(1_000_000), b"")
    big.name = b"archive/data/1"
    return {"storage.pth": archive([*entries(state_dict()), big])}
