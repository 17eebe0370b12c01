"""An array of numpy whose shape its bytes do not have."""
from assembling import call, checkpoint, data, dictionary, group, integer, name, numbers, text

VERDICT, FINDINGS, FIRES = "suspicious", [], {}
INSPECT = ("inert", "invalidValue", "invalidTensor", "numberOutOfRange")


def array(shape, code, content):
    kind = call(name("numpy", "dtype"), text(code), b"\x89", b"\x88")
    kind += group(integer(3), text("<"), b"N", b"N", b"N", integer(-1), integer(-1), integer(0)) + b"b"
    made = call(name("numpy.core.multiarray", "_reconstruct"), name("numpy", "ndarray"), numbers([0]), data(b"b"))
    return made + group(integer(1), numbers(shape), kind, b"\x89", content) + b"b"


def build(canary):
    shapes = {"short": [100], "overflow": [1 << 62, 8], "negative": [-1]}
    return {f"{word}.pth": checkpoint(dictionary(a=array(shape, "f4", data(bytes(8)))), 3) for word, shape in shapes.items()}
