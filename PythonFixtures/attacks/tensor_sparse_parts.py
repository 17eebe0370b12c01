"""A sparse tensor whose parts do not fit each other: more indices than values, another number of dimensions, a shape whose
product overflows."""
from assembling import call, checkpoint, dictionary, group, name, numbers, storage, tensor, text

VERDICT, FINDINGS, FIRES = "suspicious", ["refused"], {}
INSPECT = ("invalidTensor", "numberOutOfRange")


def sparse(rows, columns, values, size):
    layout = call(name("torch.serialization", "_get_layout"), text("torch.sparse_coo"))
    indices = tensor((rows, columns), (0, 0), source=storage(3, "1", "LongStorage"))
    parts = group(indices, tensor((values,), (1,)), call(name("torch", "Size"), numbers(size)), b"\x88")
    return dictionary(weight=call(name("torch._utils", "_rebuild_sparse_tensor"), layout, parts))


def build(canary):
    cases = {"values": (1, 3, 2, [5]), "rows": (2, 3, 3, [5]), "negative": (1, 3, 3, [-5]), "overflow": (2, 3, 3, [1 << 62, 1 << 62])}
    return {f"{word}.pth": checkpoint(sparse(*case), **{"data/1": bytes(24)}) for word, case in cases.items()}
