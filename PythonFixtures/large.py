"""What is too large to commit: written where it is missing, so that a test run pays for it once."""
import os

import torch

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


def write_once(path, writer):
    """The file appears under its name only when it is whole."""
    if os.path.exists(path):
        return
    writer(path + ".part")
    os.replace(path + ".part", path)


def write(out):
    os.makedirs(out, exist_ok=True)
    write_once(os.path.join(out, "many_tensors.pth"), write_many_tensors)
    write_once(os.path.join(out, "large_tensors.pth"), write_large_tensors)
    conversions.write(out)
