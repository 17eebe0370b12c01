"""A storage in which every second byte could begin a pickle, with all of the rest as its argument: whoever tries each takes
time in proportion to the square."""
from assembling import checkpoint, dictionary, storage, tensor

VERDICT, FINDINGS, INSPECT = "clean", [], "inert"
FIRES = {"load": "accepts"}
SIZE = 1 << 20


def build(canary):
    content = b"\x80\x02" * (SIZE // 2)
    big = tensor((SIZE,), (1,), source=storage(SIZE, "1", "ByteStorage"))
    return {"candidates.pth": checkpoint(dictionary(weight=tensor(), mask=big), **{"data/1": content, "data/2": b"\x80\x02" + b"(" * SIZE})}
