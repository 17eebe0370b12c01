#!/usr/bin/env python3
"""Print what this torch can name where it rebuilds tensors, one `module.name` a line, sorted.

    rebuild_globals.py [NAME …]     of these names, those that this torch does not have

Found by program: the names that weights_only takes, every function that is called `_rebuild…` in a module of torch,
what torch registers with copyreg, what `__reduce__` and `__reduce_ex__` of torch's classes name in their sources, the
functions of torch.jit._pickle, the loaders of storages and layouts, and what torch's modules add to the safe globals.
"""
import ast
import copyreg
import importlib
import inspect
import os
import sys
import warnings

import torch

ROOT = os.path.dirname(torch.__file__)
# Tests and compilers pickle for caches of their own, never into a checkpoint.
ELSEWHERE = ("_inductor", "_dynamo", "testing", "_vendor", "_functorch", "onnx", "utils/benchmark", "multiprocessing", "_guards", "utils/_ordered_set")
LOADERS = ("_load_from_bytes", "_get_layout")


def sources():
    """(module, syntax tree) of torch's own modules that say anything about rebuilding."""
    for folder, _, files in os.walk(ROOT):
        for file in files:
            path = os.path.join(folder, file)
            relative = os.path.relpath(path, ROOT)
            if not file.endswith(".py") or relative.startswith(ELSEWHERE):
                continue
            with open(path, encoding="utf-8") as source:
                text = source.read()
            if "_rebuild" in text or "def __reduce" in text or any(f"def {name}" in text for name in LOADERS):
                yield "torch." + relative[:-3].replace(os.sep, ".").removesuffix(".__init__"), ast.parse(text)


def functions(module, tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and (node.name.startswith("_rebuild_") or node.name in LOADERS):
            yield f"{module}.{node.name}"
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.startswith("_rebuild_"):
            yield f"{module}.{node.targets[0].id}"


def reduced(name, tree):
    """What the reducing methods return a call of: a function of the module, or the class itself and those below it."""
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for method in kind.body:
            if isinstance(method, ast.FunctionDef) and method.name in ("__reduce__", "__reduce_ex__"):
                module = importlib.import_module(name)
                for target in targets(method, kind.name):
                    yield from named(module, target)


def targets(method, kind):
    for node in ast.walk(method):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            name = ast.unparse(node.value.elts[0])
            if name in ("self.__class__", "type(self)", "cls"):
                yield kind
            elif name.replace(".", "").replace("_", "").isalnum() and not name.startswith("self."):
                yield name


def named(module, target):
    """The full names of a function, or of a class and its subclasses, that a module knows by a name."""
    found = module
    for part in target.split("."):
        found = getattr(found, part, None)
    if isinstance(found, type):
        return [name_of(kind) for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, found)]
    return [] if found is None else [name_of(found)]


def name_of(found):
    return f"{found.__module__}.{found.__qualname__}"


def registered():
    """The functions that torch's own entries of copyreg call, tried on a value of the type."""
    for kind, reducer in copyreg.dispatch_table.items():
        if getattr(reducer, "__module__", "").startswith("torch"):
            yield name_of(reducer(next(value for value in vars(torch).values() if type(value) is kind))[0])


def safe():
    """What importing parts of torch adds to the names that weights_only takes."""
    for module in ("torch.distributed.tensor", "torch.distributed.checkpoint", "torch.nested"):
        importlib.import_module(module)
    return [name_of(found) for found in torch.serialization.get_safe_globals() if not isinstance(found, tuple)]


def script_functions():
    module = importlib.import_module("torch.jit._pickle")
    return [f"{module.__name__}.{name}" for name, _ in inspect.getmembers(module, inspect.isfunction)]


def is_known(name):
    """Whether Python finds what a pickle would name so."""
    module, _, last = name.rpartition(".")
    try:
        return hasattr(importlib.import_module(module), last)
    except ImportError:
        return False


def main():
    warnings.simplefilter("ignore")
    if len(sys.argv) > 1:
        print("\n".join(name for name in sys.argv[1:] if not is_known(name)))
        return
    from torch._weights_only_unpickler import _get_allowed_globals
    names = set(_get_allowed_globals()) | set(registered()) | set(script_functions()) | set(safe())
    for module, tree in sources():
        names |= set(functions(module, tree)) | set(reduced(module, tree))
    print("\n".join(sorted(names)))


if __name__ == "__main__":
    main()
