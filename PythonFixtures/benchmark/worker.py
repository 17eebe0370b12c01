"""What Python does in the places of ours: the counterpart of checkpoint-bench, with the same lines in and out.

    worker.py OPERATION ARGUMENT …
"""
import functools
import gc
import json
import os
import sys
import time

import numpy
import safetensors
import safetensors.torch
import torch

import private_memory

READ, WRITTEN = 8 << 20, 1 << 20
load = functools.partial(torch.load, weights_only=True)
load_mapped = functools.partial(load, mmap=True)


def list_torch(loading, path):
    return lambda: [(name, tensor.dtype, tuple(tensor.shape)) for name, tensor in loading(path).items()]


def list_safetensors(path):
    def run():
        with safetensors.safe_open(path, "pt") as file:
            slices = {name: file.get_slice(name) for name in file.keys()}
            return [(name, part.get_dtype(), part.get_shape()) for name, part in slices.items()]
    return run


def tensors(value):
    """All tensors in dictionaries and lists."""
    if isinstance(value, torch.Tensor):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [tensor for item in inner for tensor in tensors(item)]


def read(loading, path):
    """Every element is in memory afterwards: cloned where it would stay in the mapped file."""
    keep = torch.Tensor.contiguous if loading is load else lambda tensor: tensor.clone(memory_format=torch.contiguous_format)
    return lambda: [keep(tensor) for tensor in tensors(loading(path))]


def gather(path):
    views = tensors(load(path))
    return lambda: [view.contiguous() for view in views]


def read_bytes(path):
    """What no reader can beat: nothing but the bytes, into memory that is new each time (numpy asks for huge pages)."""
    def run():
        room = numpy.empty(os.path.getsize(path), dtype=numpy.uint8)
        view, place = memoryview(room), 0
        with open(path, "rb", buffering=0) as file:
            while count := file.readinto(view[place:place + READ]):
                place += count
        return room
    return run


def copy_memory(path):
    source = numpy.fromfile(path, dtype=numpy.uint8)
    return source.copy


def to_float(path):
    torch.set_num_threads(processors())
    values = tensors(load(path))
    return lambda: [value.float() for value in values]


def processors():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def flush(path):
    """Ours flushes, so the others do, too."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def save(path, destination):
    value = load(path)

    def run():
        torch.save(value, destination)
        flush(destination)
    return run


def write_bytes(path, destination):
    """What no writer can beat: nothing but the bytes."""
    views = [memoryview(tensor.numpy()).cast("B") for tensor in tensors(load(path))]

    def run():
        descriptor = os.open(destination, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        for view in views:
            for start in range(0, len(view), WRITTEN):
                write_all(descriptor, view[start:start + WRITTEN])
        os.fsync(descriptor)
        os.close(descriptor)
    return run


def write_all(descriptor, part):
    while len(part):
        part = part[os.write(descriptor, part):]


OPERATIONS = {
    "list": functools.partial(list_torch, load), "list-mapped": functools.partial(list_torch, load_mapped), "list-safetensors": list_safetensors,
    "open": lambda path: lambda: load(path), "open-safetensors": lambda path: lambda: safetensors.torch.load_file(path),
    "read": functools.partial(read, load), "read-mapped": functools.partial(read, load_mapped), "gather": gather,
    "read-bytes": read_bytes, "copy-memory": copy_memory, "float": to_float,
    "save": save, "write-bytes": write_bytes,
}


def timed(run):
    """[seconds, of them for dropping the result, private memory with the result]."""
    gc.collect()
    start = time.perf_counter()
    value = run()
    making = time.perf_counter() - start
    memory = private_memory.private_bytes("self")
    start = time.perf_counter()
    del value
    dropping = time.perf_counter() - start
    return [making + dropping, dropping, memory]


def remove(destination):
    if os.path.exists(destination):
        os.remove(destination)


def main():
    name, *arguments = sys.argv[1:]
    run = OPERATIONS[name](*arguments)
    print("ready", flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            times.append(timed(run))
            if name in ("save", "write-bytes"):
                remove(arguments[-1])
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main()
