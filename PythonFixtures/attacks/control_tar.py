"""A tar of torch 0.1 as it should be: a tensor over a storage, by the numbers that its tables give them."""
import struct

from assembling import STORAGE, dictionary, group, integer, name, pickled, text
from tar_files import archive

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts"}


def build(canary):
    kinds = name("torch", "FloatStorage"), name("torch", "FloatTensor")
    storages = pickled(integer(1)) + pickled(group(integer(0), text("cpu"), kinds[0])) + struct.pack("<q", 12) + STORAGE + pickled(b"]")
    tensors = pickled(integer(1)) + pickled(group(integer(1), integer(0), kinds[1])) + struct.pack("<ii5q", 2, 0, 3, 4, 4, 1, 0)
    model = pickled(dictionary(weight=text("1") + b"Q"))
    return {"plain.tar": archive([("sys_info", pickled(b"}")), ("storages", storages), ("tensors", tensors), ("pickle", model)])}
