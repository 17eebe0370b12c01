#!/usr/bin/env python3
"""How long torch takes to load a checkpoint: median seconds as JSON.

    bench_load.py FILE [--repeat N]
"""
import argparse
import gc
import json
import statistics
import time

import torch


def seconds(path, repeat, **options):
    """The median of `repeat` loads after one that warms the page cache; None where torch cannot load it this way."""
    times = []
    for _ in range(repeat + 1):
        gc.collect()
        start = time.perf_counter()
        try:
            value = torch.load(path, weights_only=True, map_location="cpu", **options)
        except Exception:
            return None
        times.append(time.perf_counter() - start)
        del value
    return statistics.median(times[1:])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file")
    arguments.add_argument("--repeat", type=int, default=5)
    arguments = arguments.parse_args()
    print(json.dumps({"file": arguments.file, "torch": torch.__version__, "repeat": arguments.repeat,
                      "load": seconds(arguments.file, arguments.repeat), "mmap": seconds(arguments.file, arguments.repeat, mmap=True)}))


if __name__ == "__main__":
    main()
