"""What is too large to commit: written where it is missing, so that a test run pays for it once."""
import os
import time

import numpy
import torch

import built
import conversions


def many_tensors(count=100_000):
    """A state dict of many small tensors, each with a storage of its own: it costs a reader its bookkeeping."""
    return {f"layers.{i // 10}.part.{i % 10}.weight": torch.full((8,), float(i)) for i in range(count)}


def write_many_tensors(path):
    torch.save(many_tensors(), path)


def write_large_tensors(path, count=32, elements=1 << 23):
    """1 GiB in 32 tensors whose bytes are holes in the file: it shows whether a reader touches them."""
    tensors = {f"layer.{i}.weight": torch.empty(elements) for i in range(count)}
    with torch.serialization.skip_data():
        torch.save(tensors, path)


def write_many_records(path, count=70_000):
    """More entries than the 65,535 that fit into a zip's own end record."""
    torch.save({f"t{i}": torch.full((1,), i, dtype=torch.int32) for i in range(count)}, path)


class Sparse:
    """A file object that leaves out pieces of zeros, as holes: their bytes are there to read, and take no space."""

    PIECE = 1 << 20

    def __init__(self, file):
        self.file = file

    def write(self, data):
        view = memoryview(data).cast("B")
        for start in range(0, len(view), self.PIECE):
            piece = view[start:start + self.PIECE]
            if len(piece) == self.PIECE and not numpy.frombuffer(piece, dtype=numpy.uint64).any():
                self.file.seek(len(piece), os.SEEK_CUR)
            else:
                self.file.write(piece)
        return len(view)

    def flush(self):
        self.file.flush()


def write_huge_record(path, count=(1 << 32) + (200 << 20)):
    """One record above 4 GiB with small ones before and after it: sizes and offsets beyond 32 bits, true checksums."""
    tensors = {"before": torch.arange(5.0), "huge": torch.zeros(count, dtype=torch.int8), "after": torch.arange(7), "last": torch.ones(3)}
    tensors["huge"][-3:] = torch.tensor([1, -2, 3])
    with open(path, "wb") as file:
        torch.save(tensors, Sparse(file))


def write_once(path, writer):
    """The file appears under its name only when it is whole."""
    if os.path.exists(path):
        return
    start = time.monotonic()
    writer(path + ".part")
    os.replace(path + ".part", path)
    print(f"{os.path.basename(path)}: {time.monotonic() - start:.1f} s")


def write(out):
    os.makedirs(out, exist_ok=True)
    write_once(os.path.join(out, "many_tensors.pth"), write_many_tensors)
    write_once(os.path.join(out, "large_tensors.pth"), write_large_tensors)
    write_once(os.path.join(out, "many_records.pth"), write_many_records)
    if os.environ.get("SKIP_LARGE") != "1":
        write_once(os.path.join(out, "huge_record.pth"), write_huge_record)
    built.write(os.path.join(out, "built"))
    conversions.write(out)
