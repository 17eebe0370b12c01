"""The numbers of a tensor are a pickle, for a function that loads them later: no name of it is in data.pkl."""
from assembling import checkpoint, dictionary, fired, storage, tensor

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert"
FIRES = {}


def build(canary):
    content = fired(canary)
    content += bytes(-len(content) % 4)
    hidden = tensor((len(content),), (1,), source=storage(len(content), "1", "ByteStorage"))
    return {"storage.pth": checkpoint(dictionary(weight=tensor(), mask=hidden), **{"data/1": content})}
