"""A sparse tensor with negative indices, or with some outside its shape: written to by whoever makes it dense. They are only
seen when the indices are read."""
import struct

from assembling import call, checkpoint, dictionary, group, name, numbers, storage, tensor, text

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts"}


def build(canary):
    indices = tensor((1, 3), (3, 1), source=storage(3, "1", "LongStorage"))
    layout = call(name("torch.serialization", "_get_layout"), text("torch.sparse_coo"))
    parts = group(indices, tensor((3,), (1,)), call(name("torch", "Size"), numbers([5])), b"\x88")
    sparse = dictionary(weight=call(name("torch._utils", "_rebuild_sparse_tensor"), layout, parts))
    return {
        f"{place}.pth": checkpoint(sparse, **{"data/1": struct.pack("<3q", *values)})
        for place, values in enumerate(((0, 5, 1), (0, -1, 1), (0, 1, 1 << 62)))}
