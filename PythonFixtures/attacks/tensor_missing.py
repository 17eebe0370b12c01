"""A storage whose record is missing, one of a class that does not exist, and references that are no such tuple at all."""
from assembling import checkpoint, dictionary, group, integer, name, storage, tensor, text

VERDICT, FINDINGS, FIRES = "suspicious", ["refused"], {}
INSPECT = ("missingRecord", "invalidStorage", "invalidTensor")


def build(canary):
    other = group(text("memory"), name("torch", "FloatStorage"), text("0"), text("cpu"), integer(12)) + b"Q"
    sources = {
        "missing": storage(key="9"), "reference": text("storage") + b"Q", "short": group(text("storage")) + b"Q",
        "number": integer(0) + b"Q", "other": other}
    return {f"{word}.pth": checkpoint(dictionary(weight=tensor(source=source))) for word, source in sources.items()}
