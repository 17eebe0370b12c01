"""Tensors of exabytes over a storage of 48 bytes, by strides of 0. Listing them costs nothing, reading them everything."""
from assembling import checkpoint, dictionary, tensor

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts", "weights_only": "accepts"}


def build(canary):
    big = {f"layer.{place}": tensor((1 << 30, 1 << 28), (0, 0)) for place in range(200)}
    return {"expanded.pth": checkpoint(dictionary(weight=tensor(), **big))}
