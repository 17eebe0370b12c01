"""What torch.load(weights_only=True) does with files: see WeightsOnlyDifferentialTests.swift.

    python weights_only.py FOLDER                     # writes small files, one for each rule
    python weights_only.py FOLDER --mutations N SEED  # writes N damaged and altered checkpoints
    python weights_only.py FOLDER --files OTHER       # judges the files that are below another folder

Writes cases.json into FOLDER: each file with torch's verdict, "accepted", "refused", "crashed" or "slow", and what torch
says. A file that is refused because this machine lacks a device is judged with map_location="cpu", and "map" says so.
"""

import argparse
import json
import os
import resource
import select
import signal
import sys
import warnings

import torch

import weights_only_cases
import weights_only_mutations

warnings.simplefilter("ignore")

# How torch says that a device is not there, which says nothing about the file.
ABSENT_DEVICES = (
    "Attempting to deserialize object on", "device module is not registered", "Storage device not recognized",
    "without MTIA backend", "Torch not compiled with CUDA enabled", "Cannot access accelerator device",
    "with arguments from the 'XLA' backend", "Please use torch.load with map_location")
SECONDS = 60
BYTES = 16 << 30


def load(path, location):
    try:
        torch.load(path, weights_only=True, map_location=location)
        return {"verdict": "accepted"}
    except MemoryError:
        return {"verdict": "refused", "error": "MemoryError"}
    except Exception as error:
        message = str(error)
        start = message.find("WeightsUnpickler error: ")
        return {"verdict": "refused", "error": f"{type(error).__name__}: {message[max(start, 0):][:300]}".encode("ascii", "replace").decode()}


def judge_here(path):
    found = load(path, None)
    if found["verdict"] == "refused" and any(words in found["error"] for words in ABSENT_DEVICES):
        if "type torch.cuda" not in found["error"]:
            found = load(path, "cpu") | {"map": "cpu"}
    return found


def work(paths, writing):
    """Judges files in a process that may end at any of them, a line for each."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    for path in paths:
        os.write(writing, json.dumps(judge_here(path)).encode() + b"\n")


def judged(paths):
    """The verdicts on files; after a crash or a file that takes too long, a new process goes on with the next."""
    found = []
    while len(found) < len(paths):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                work(paths[len(found):], writing)
            finally:
                os._exit(0)
        os.close(writing)
        found += lines(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
    return found[:len(paths)]


def lines(reading):
    """The verdicts that a process writes, and the one on the file that it ended at."""
    text = b""
    while select.select([reading], [], [], SECONDS)[0]:
        piece = os.read(reading, 1 << 16)
        if not piece:
            return [json.loads(line) for line in text.splitlines()] + [{"verdict": "crashed"}]
        text += piece
    return [json.loads(line) for line in text.splitlines()] + [{"verdict": "slow"}]


def files_below(folder):
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            yield os.path.join(place, name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--mutations", nargs=2, type=int, metavar=("N", "SEED"))
    parser.add_argument("--files")
    options = parser.parse_args()
    if options.files:
        made = ((path, {"about": os.path.relpath(path, options.files)}) for path in sorted(files_below(options.files)))
    elif options.mutations:
        made = weights_only_mutations.write(options.folder, *options.mutations)
    else:
        made = weights_only_cases.write(options.folder)
    # What torch looks up once is looked up before the processes part.
    torch.load(os.path.join(os.path.dirname(__file__), "files/torch-2.13.0/view_contiguous.pth"), weights_only=True)
    made = list(made)
    verdicts = judged([path for path, _ in made])
    cases = [{"file": os.path.abspath(path)} | about | verdict for (path, about), verdict in zip(made, verdicts)]
    with open(os.path.join(options.folder, "cases.json"), "w") as stream:
        json.dump(cases, stream)


if __name__ == "__main__":
    main()
