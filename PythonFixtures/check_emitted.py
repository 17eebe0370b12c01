#!/usr/bin/env python3
"""Hold pickles that were read and written again at protocol 2 to the pickles that they were made from.

    check_emitted.py --batch LIST.json

LIST.json is a list of objects with the paths `original` and `emitted`. Each is unpickled, and a line of JSON says for each
pair whether they hold `equal` objects (types, values, and which places share an object), and whether the emitted bytes are
the `same` as those that Python's pickler gives for the original object at protocol 2. What torch rebuilds from storages
stays the call that it is.
"""
import functools
import io
import json
import pickle
import sys
import traceback


class Outside:
    """What lies outside the pickle, under a persistent id."""

    def __init__(self, identifier):
        self.identifier = identifier


class Rebuilt:
    """A call of one of torch's functions that rebuild tensors."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


class Unpickler(pickle.Unpickler):
    def persistent_load(self, identifier):
        return Outside(identifier)

    def find_class(self, module, name):
        found = super().find_class(module, name)
        rebuilds = module == "torch._utils" and name.startswith("_rebuild")
        return functools.partial(Rebuilt, found) if rebuilds else found


class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        return value.identifier if isinstance(value, Outside) else None


def load(path):
    with open(path, "rb") as file:
        return Unpickler(file).load()


def dump(value):
    file = io.BytesIO()
    Pickler(file, 2).dump(value)
    return file.getvalue()


def check(pair):
    try:
        with open(pair["emitted"], "rb") as file:
            emitted = file.read()
        original = dump(load(pair["original"]))
        return {"equal": original == dump(load(pair["emitted"])), "same": original == emitted}
    except Exception:
        return {"equal": False, "same": False, "error": traceback.format_exc()}


def main():
    if len(sys.argv) != 3 or sys.argv[1] != "--batch":
        sys.exit(__doc__)
    sys.setrecursionlimit(100_000)
    with open(sys.argv[2]) as file:
        print(json.dumps([check(pair) for pair in json.load(file)]))


if __name__ == "__main__":
    main()
