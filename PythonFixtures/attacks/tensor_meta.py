"""A tensor without data, or one of a subclass that only says what it is, with sizes that overflow."""
from assembling import call, checkpoint, dictionary, name, numbers

VERDICT, FINDINGS, FIRES = "suspicious", ["refused"], {}
INSPECT = ("invalidTensor", "numberOutOfRange")


def build(canary):
    shapes = {"overflow": ([1 << 40, 1 << 40], [1, 1]), "negative": ([-2, 3], [3, 1]), "rank": ([2], [1, 1])}
    return {
        f"{word}.pth": checkpoint(dictionary(weight=call(
            name("torch._utils", "_rebuild_meta_tensor_no_storage"), name("torch", "float32"), numbers(size), numbers(strides), b"\x89")))
        for word, (size, strides) in shapes.items()}
