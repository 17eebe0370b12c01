#!/usr/bin/env python3
"""How long saving takes: another program, torch, and bare writing of the same bytes, in turns on one file system.

    bench_save.py --dir DIR [--tool CHECKPOINT-BENCH] [--rounds N] [--mib MIB] [--json]

The tensors are made once and kept in DIR/bench_source.pth and in memory. `CHECKPOINT-BENCH save SOURCE DEST` is to put
the tensors of SOURCE in memory, too, and for each line of its input to save them to DEST and print the seconds; it is
taken to flush what it writes (fsync). So the others are timed with fsync and without. Before each timing, everybody
saves once and removes the file, so that all find memory and disk in the same state: memory that was idle for seconds, or
is new to a virtual machine, costs more than writing it.
"""
import argparse
import json
import os
import statistics
import subprocess
import time

import numpy
import torch

PIECE = 64 << 20


def tensors_of(mib):
    """Tensors of 64 MiB, of bytes that nothing can compress."""
    generator = numpy.random.Generator(numpy.random.PCG64(1))
    data = [generator.integers(0, 1 << 32, PIECE // 4, dtype=numpy.uint32) for _ in range(mib * (1 << 20) // PIECE)]
    return {f"layers.{i}.weight": torch.from_numpy(part.view(numpy.int32)) for i, part in enumerate(data)}


def flush(path):
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def saving(path, tensors, fsync):
    torch.save(tensors, path)
    if fsync:
        flush(path)


def writing(path, tensors, piece, fsync):
    """What no writer can beat: nothing but the bytes."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for tensor in tensors.values():
        view = memoryview(tensor.numpy()).cast("B")
        for start in range(0, len(view), piece):
            part = view[start:start + piece]
            while len(part):
                part = part[os.write(descriptor, part):]
    if fsync:
        os.fsync(descriptor)
    os.close(descriptor)


class Tool:
    """The program, which keeps its tensors in memory between the rounds as this one does."""

    def __init__(self, path, source, destination):
        self.process = subprocess.Popen([path, "save", source, destination], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def removed(path):
    if os.path.exists(path):
        os.remove(path)


def timed(body, path, *arguments):
    body(path, *arguments)
    removed(path)
    start = time.perf_counter()
    body(path, *arguments)
    return time.perf_counter() - start


def contenders(options, destination, tensors, tool):
    """(name, how to get the seconds of one run) of all that are compared."""
    found = {}
    if tool:
        found["swift, fsync"] = tool.run
    for fsync in (True, False):
        end = ", fsync" if fsync else ""
        found[f"torch.save{end}"] = lambda fsync=fsync: timed(saving, destination, tensors, fsync)
        for piece in (1 << 20, PIECE):
            name = f"os.write of {piece >> 20} MiB{end}"
            found[name] = lambda fsync=fsync, piece=piece: timed(writing, destination, tensors, piece, fsync)
    return found


def measured(options):
    """The seconds of every run, by name, and how many bytes the source has."""
    tensors, source = tensors_of(options.mib), os.path.join(options.dir, "bench_source.pth")
    torch.save(tensors, source)
    destination = os.path.join(options.dir, "bench_destination.pth")
    tool = Tool(options.tool, source, destination) if options.tool else None
    found = contenders(options, destination, tensors, tool)
    times = {name: [] for name in found}
    names = list(found)
    for place in range(options.rounds):
        # Whoever comes first finds the machine idle, which costs: each does in its turn.
        first = place % len(names)
        for name in names[first:] + names[:first]:
            run = found[name]
            removed(destination)
            times[name].append(run())
    if tool:
        tool.end()
    size = os.path.getsize(source)
    for path in (source, destination):
        os.remove(path)
    return times, size


def report(times, size):
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name:24} {medians[name]:8.3f} s  (from {min(values):.3f} to {max(values):.3f})  {size / medians[name] / (1 << 30):6.2f} GiB/s")
    ours = medians.get("swift, fsync")
    for name, value in medians.items():
        if ours and name != "swift, fsync":
            print(f"swift / {name:24} {ours / value:6.2f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--dir", required=True, help="a folder on the file system to measure")
    arguments.add_argument("--tool", help="the program that saves; without it only the others are timed")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--mib", type=int, default=2048, help="how much to save, in multiples of 64")
    arguments.add_argument("--json", action="store_true", help="print all seconds instead of medians")
    options = arguments.parse_args()
    times, size = measured(options)
    if options.json:
        print(json.dumps({"bytes": size, "seconds": times}))
    else:
        report(times, size)


if __name__ == "__main__":
    main()
