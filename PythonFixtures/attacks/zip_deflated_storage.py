"""A storage is deflated. With mmap=True torch takes the compressed bytes for the numbers, and those behind them."""
from archives import archive, replaced
from assembling import STORAGE, dictionary, entries, storage, tensor

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["mmapUnsafe"], "inert", {"mmap": "accepts"}


def build(canary):
    body = dictionary(weight=tensor((120,), (1,), source=storage(120)))
    made = entries(body, **{"data/0": STORAGE * 10, "data/1": STORAGE * 100})
    return {"deflated.pth": archive(replaced(made, "data/0", deflated=True))}
