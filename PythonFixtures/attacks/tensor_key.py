"""A storage key that is a path: out of the folder of storages, to another record, or out of the archive."""
from assembling import checkpoint, dictionary, storage, tensor

VERDICT, FINDINGS, FIRES = "suspicious", ["refused"], {}
INSPECT = ("missingRecord", "invalidStorage")
KEYS = ["../version", "../../../../etc/passwd", "/etc/passwd", "0/../0", "..\\version", "", ".", "0\0", "7" * 5_000]


def build(canary):
    return {f"{place}.pth": checkpoint(dictionary(weight=tensor(source=storage(key=key)))) for place, key in enumerate(KEYS)}
