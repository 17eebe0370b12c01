"""A storage that says it has more or fewer elements than its record has bytes for. With mmap=True torch takes its word, and
the tensor ends in the next record."""
from assembling import STORAGE, checkpoint, dictionary, storage, tensor

VERDICT, FINDINGS, INSPECT = "suspicious", ["refused"], ("invalidStorage", "numberOutOfRange")
FIRES = {"mmap": {"more.pth": "accepts"}}
COUNTS = {"more": 24, "fewer": 6, "negative": -1, "huge": (1 << 61) + 12, "none": 0}


def build(canary):
    def model(count):
        return dictionary(weight=tensor((min(24, max(0, count)),), (1,), source=storage(count)))
    return {f"{word}.pth": checkpoint(model(count), **{"data/1": STORAGE * 9}) for word, count in COUNTS.items()}
