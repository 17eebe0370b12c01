"""Lets the readers of Python loose on the attacks, to prove that they are attacks.

Each runs in a child of its own within limits. `runs`: the canary is there afterwards. `accepts`: the lie is taken without
a word. `memory`, `time`, `crash`: the reader wants more than it may have, or dies.
"""
import contextlib
import glob
import io
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import warnings
import zipfile

import corpus

SECONDS, BYTES = 10, 1 << 30


def pickles(path):
    """Every pickle of a file one after the other, as the legacy loader and joblib do."""
    with open(path, "rb") as file:
        while file.peek(1):
            pickle.load(file)


def python_pickle(path):
    with open(path, "rb") as file:
        pickle._Unpickler(io.BytesIO(file.read())).load()


def c_pickle(path):
    with open(path, "rb") as file:
        pickle.load(file)


def torch_load(**options):
    def read(path):
        import torch
        return torch.load(path, **{"weights_only": False, **options})
    return read


def export(path):
    import torch
    torch.export.load(path)


def unpacked(path):
    """As a program that trusts the directory of an archive, and unpickles all that is called a pickle."""
    import torch
    with zipfile.ZipFile(path) as file:
        for record in file.namelist():
            if record.endswith(".pkl"):
                with contextlib.suppress(Exception):
                    unpickler = pickle.Unpickler(io.BytesIO(file.read(record)))
                    unpickler.persistent_load = lambda reference: torch.FloatStorage(12)
                    unpickler.load()


READERS = {
    "load": torch_load(), "mmap": torch_load(mmap=True), "weights_only": torch_load(weights_only=True), "export": export,
    "pickle": c_pickle, "pickle.py": python_pickle, "pickles": pickles, "zipfile": unpacked}


def effect(reader, path):
    """The effect of a reader on a file, or why it has none."""
    child, said = os.fork(), path + ".said"
    if child == 0:
        read(reader, path, said)
    _, status = os.waitpid(child, 0)
    happened = open(said).read() if os.path.exists(said) else ""
    if made := glob.glob(os.path.join(glob.escape(os.path.dirname(path)), "canary*")):
        for file in made:
            os.unlink(file)
        return "runs"
    if os.WIFSIGNALED(status):
        return "time" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGALRM) else "crash"
    return happened


def read(reader, path, said):
    code = 1
    try:
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        os.chdir(os.path.dirname(path))
        sys.path.insert(0, "")
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (used() + BYTES, used() + BYTES))
        signal.alarm(6 * SECONDS)
        with open(said, "w") as file:
            file.write(outcome(reader, path))
        code = 0
    finally:
        os._exit(code)


def outcome(reader, path):
    try:
        READERS[reader](path)
        return "accepts"
    except MemoryError:
        return "memory"
    except BaseException as error:
        text = f"{type(error).__name__}: {error}"[:200]
        return "memory" if "alloc" in text.lower() and "memory" in text.lower() else text


def used():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def fire(only=None):
    """Print which attacks do not do what they say; return how many effects came about, and how many did not."""
    import torch  # once, for all children
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    folder = tempfile.mkdtemp(prefix="attacks-")
    passed = failed = 0
    try:
        for row in corpus.write(folder, corpus.ideas(only)):
            for reader, expected in row["fires"].items():
                happened = effect(reader, os.path.join(folder, row["file"]))
                passed, failed = passed + (happened == expected), failed + (happened != expected)
                if happened != expected:
                    print(f"{row['file']}: {reader}: {happened}, not {expected}")
        return passed, failed
    finally:
        shutil.rmtree(folder)
