"""What is too large to commit: written where it is missing, so that a test run pays for it once."""
import os

import torch

import conversions


def many_tensors(count=100_000):
    """A state dict of many small tensors, each with a storage of its own: it costs a reader its bookkeeping."""
    return {f"layers.{i // 10}.part.{i % 10}.weight": torch.full((8,), float(i)) for i in range(count)}


def write(out):
    os.makedirs(out, exist_ok=True)
    path = os.path.join(out, "many_tensors.pth")
    if not os.path.exists(path):
        torch.save(many_tensors(), path + ".part")
        os.replace(path + ".part", path)
    conversions.write(out)
