"""2,000 tensors over 2,000 storages: a file of some size, which must not take long."""
from assembling import STORAGE, checkpoint, dictionary, storage, tensor

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts", "weights_only": "accepts"}


def build(canary):
    tensors = {f"layer.{place}": tensor(source=storage(key=str(place))) for place in range(2_000)}
    return {"many.pth": checkpoint(dictionary(**tensors), **{f"data/{place}": STORAGE for place in range(2_000)})}
