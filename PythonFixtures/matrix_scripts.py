"""TorchScript archives and exported programs."""
import io
import linecache
import os
import zipfile

import torch

from matrix_training import seeded
from saving import records, torch_zipped, zipped

NAME = "fixture_scripts.py"


def classes():
    """The classes come from a named string, so that debug records carry no path of this machine."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), NAME)) as file:
        source = file.read()
    linecache.cache[NAME] = (len(source), None, source.splitlines(True), NAME)
    scope = {"__name__": "fixture_scripts"}
    exec(compile(source, NAME, "exec"), scope)
    return scope


def traced(make, example):
    return lambda scope: torch.jit.trace(seeded(make(scope)).eval(), example)


def quantized(scope):
    model = seeded(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 1)))
    return torch.jit.script(torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8))


def script(name):
    return lambda scope: torch.jit.script(seeded(scope[name]()).eval())


SCRIPTS = {
    "nested": script("Outer"), "attributes": script("Attributes"), "weighted": script("Weighted"),
    "traced": traced(lambda scope: scope["Weighted"](), torch.ones(1, 3)), "frozen": lambda scope: torch.jit.freeze(script("Weighted")(scope)),
    "quantized": quantized,
}


def without_debug(data):
    """Traces and torch's own modules name the files of this machine in their debug records."""
    return torch_zipped([(name, content) for name, content in records(data) if not name.endswith(".debug_pkl")])


def scripted_bytes(make):
    buffer = io.BytesIO()
    torch.manual_seed(0)
    torch.jit.save(make(classes()), buffer)
    return without_debug(buffer.getvalue())


def lite_bytes(make):
    torch.manual_seed(0)
    return without_debug(make(classes())._save_to_buffer_for_lite_interpreter())


def write_scripts(folder):
    for name, make in SCRIPTS.items():
        folder.attempt(f"torchscript_{name}.pt", lambda: folder.write(f"torchscript_{name}.pt", scripted_bytes(make)))
    for name in ("attributes", "weighted"):
        folder.attempt(f"torchscript_{name}.ptl", lambda: folder.write(f"torchscript_{name}.ptl", lite_bytes(SCRIPTS[name])))


def write_exports(folder):
    for name, shape in (("Weighted", (1, 3)), ("Tied", (1, 2))):
        file = f"exported_{name.lower()}.pt2"
        folder.attempt(file, lambda: export(seeded(classes()[name]()), torch.ones(shape), folder.path(file)))


def export(module, example, path):
    program = torch.export.export(module, (example,))
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)
    torch.export.save(program, path)
    undate(path)


def undate(path):
    """Before 2.7 Python's own zip module wrote exported programs, with the time."""
    with open(path, "rb") as file:
        data = file.read()
    with zipfile.ZipFile(path) as archive:
        dated = any(info.date_time[0] > 1980 for info in archive.infolist())
    if dated:
        with open(path, "wb") as file:
            file.write(zipped(records(data)))


def write(folder):
    write_scripts(folder)
    write_exports(folder)
