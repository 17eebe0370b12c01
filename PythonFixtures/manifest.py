"""The manifest: what torch itself reads from each fixture."""
import json
import os
import pickle
import re
import sys
import tarfile
import warnings
import zipfile

import torch

import matrix_broken
import matrix_python2
import state
from walk import Walker

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)


class Recorder:
    """A map_location that keeps every storage where it is and notes the device its file names."""

    def __init__(self):
        self.locations, self.kept = {}, []

    def __call__(self, storage, location):
        self.locations[storage._cdata] = location
        self.kept.append(storage)
        return storage


def writer_of(name):
    folder, base = name.split("/", 1)
    if base.startswith("python2_"):
        return "hand"
    return folder[len("torch-"):] if folder.startswith("torch-") else {"pickles": "pickle"}.get(folder, "hand")


def format_of(path, name):
    """Which of the containers this is, by what a reader finds in it."""
    if name.startswith("not_checkpoints/"):
        return "broken"
    if name.endswith(".pkl"):
        return "pickle"
    if tarfile.is_tarfile(path):
        return "tar"
    with open(path, "rb") as file:
        start = file.read(4)
    if start != b"PK\3\4" and not zipfile.is_zipfile(path):
        return "legacy"
    with zipfile.ZipFile(path) as archive:
        return "torchscript" if any(n.endswith("/constants.pkl") for n in archive.namelist()) else "zip"


def message(error, path):
    """The telling line of an error (weights_only explains itself at length first), without this machine's paths."""
    telling = re.search(r"WeightsUnpickler error.*|Unsupported (operand|class).*", str(error))
    line = telling.group() if telling else (str(error).splitlines() or [""])[0]
    line = re.sub(r"'/[^']*'", "'…'", line.replace(path, os.path.basename(path)))
    return f"{type(error).__name__}: {re.sub(r'0x[0-9a-f]{6,}', '0x…', line)}"[:240]


def load(path, form, recorder, options):
    if form == "pickle":
        with open(path, "rb") as file:
            return pickle.load(file, **options)
    if form == "torchscript":
        return torch.jit.load(path, map_location="cpu")
    return torch_load(path, recorder, weights_only=False, **options)


def torch_load(path, recorder, **options):
    """Where torch rebuilds tensors on their device it takes no function: then all devices are the processor's."""
    try:
        return torch.load(path, map_location=recorder, **options)
    except RuntimeError as error:
        if "Callable map_location not supported" not in str(error):
            raise
        return torch.load(path, map_location="cpu", **options)


def weights_only(path, form, options):
    """Whether torch.load(weights_only=True) takes the file, and what it says if not: with the names that it takes of
    itself, not those that parts of torch add when they happen to be imported."""
    if form == "pickle":
        return {}
    torch.serialization.clear_safe_globals()
    try:
        torch_load(path, Recorder(), weights_only=True, **options)
        return {"weightsOnly": True}
    except Exception as error:
        return {"weightsOnly": False, "weightsOnlyError": message(error, path)}


def walked(value, form, recorder):
    """A script module is listed by its module tree, the nearest that torch shows of what its archive holds: parameters,
    buffers, and the tensors in other attributes and under other names."""
    walker = Walker(recorder.locations)
    if form == "torchscript":
        for name, tensor in list(value.named_parameters()) + list(value.named_buffers()):
            walker.visit(name.split("."), tensor)
        listed = [row["path"] for row in walker.tensors]
        for path, attribute in state.attributes(value._c):
            if path not in listed:
                walker.visit(path, attribute, quiet=True)
    else:
        walker.visit([], value)
    return walker


def row(root, name):
    """One file's row."""
    path = os.path.join(root, name)
    form = format_of(path, name)
    base = os.path.basename(name)
    result = {"file": name, "writer": writer_of(name), "format": form}
    if form == "broken":
        result.update(kind="broken", about=matrix_broken.ABOUT.get(base, ""))
        if base in matrix_broken.UNSTABLE:
            return {**result, "weightsOnly": False, "error": matrix_broken.UNSTABLE[base]}
    if base.startswith("tensor_inside"):
        result["embedded"] = True
    options = {"encoding": matrix_python2.encoding(base)} if matrix_python2.encoding(base) else {}
    result.update(options)
    result.update(weights_only(path, form, options))
    if base.endswith(".pt2"):
        result.update(state.exported(path))
    recorder = Recorder()
    try:
        value = load(path, form, recorder, options)
    except Exception as error:
        return {**result, "error": message(error, path)}
    if base in matrix_broken.NOT_WALKED:
        return result
    walker = walked(value, form, recorder)
    return {**result, **state.of(value), "tensors": walker.tensors, "values": walker.values}


def fixtures(root):
    """Every fixture below the folder, by relative name."""
    found = []
    for folder, _, names in os.walk(root):
        found += [os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/") for name in names if name != "printing.json"]
    return sorted(name for name in found if "/" in name)


def rows(root):
    return [row(root, name) for name in fixtures(root)]


def write(path, root):
    """One line per file, so that a change of one fixture is a change of one line."""
    lines = [json.dumps(entry, separators=(",", ":")) for entry in rows(root)]
    with open(path, "w") as file:
        file.write("[\n" + ",\n".join(lines) + "\n]\n")
    return len(lines)
