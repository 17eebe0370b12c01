#!/usr/bin/env python3
"""Checkpoints for another program to build from nothing and hold to torch's bytes: built.py --out DIR

For each case there are NAME.pth, which torch.save wrote, NAME.json, from which the same can be built without reading
it, and NAME.bin, the bytes of all storages one after another. `index.json` lists the names. See README.md.
"""
import argparse
import collections
import contextlib
import hashlib
import json
import os
import warnings

import numpy
import torch

import matrix_training
import matrix_writing
import typed
from typed import Row, described

HERE = os.path.dirname(os.path.abspath(__file__))
DTYPES = """float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128 uint16 uint32 uint64
float8_e5m2 float8_e4m3fn float8_e5m2fnuz float8_e4m3fnuz float8_e8m0fnu complex32""".split()
SHARED = "float32 int64 bfloat16 bool complex64 uint16 float8_e4m3fn".split()
SHAPES = {"scalar": (), "empty": (0,), "vector": (5,), "one": (1,), "matrix": (3, 4), "four_d": (2, 3, 2, 2), "ones": (1, 1, 1),
          "no_rows": (0, 3), "no_columns": (2, 0, 4)}


def size_of(dtype):
    return torch.empty(0, dtype=getattr(torch, dtype)).element_size()


def strides_of(shape):
    """Row-major strides, as torch gives them: a dimension of size 0 counts as one of size 1."""
    strides = [1] * len(shape)
    for place in range(len(shape) - 2, -1, -1):
        strides[place] = strides[place + 1] * max(shape[place + 1], 1)
    return strides


class Case:
    """A description that grows storage by storage and tensor by tensor."""

    def __init__(self, name, **fields):
        self.fields = {"name": name, "kind": "stateDict", "storages": [], "tensors": [], "metadata": None, **fields}
        self.content = bytearray()

    @property
    def name(self):
        return self.fields["name"]

    def storage(self, dtype, byte_count, device="cpu"):
        """A storage of reproducible noise; its number."""
        storages = self.fields["storages"]
        seed = int.from_bytes(hashlib.sha256(f"{self.name} {len(storages)}".encode()).digest()[:8], "little")
        data = numpy.random.Generator(numpy.random.PCG64(seed)).bytes(byte_count)
        storages.append({"dtype": dtype, "byteCount": byte_count, "start": len(self.content), "device": device})
        self.content += bytes(b & 1 for b in data) if dtype == "bool" else data
        return len(storages) - 1

    def view(self, name, storage, shape, strides=None, offset=0, dtype=None, requires_grad=False, parameter=False):
        """A tensor over a storage; its number."""
        dtype = dtype or self.fields["storages"][storage]["dtype"]
        self.fields["tensors"].append({
            "name": name, "storage": storage, "dtype": dtype, "shape": list(shape), "offset": offset, "requiresGrad": requires_grad,
            "strides": list(strides_of(shape) if strides is None else strides), "parameter": parameter})
        return Row(len(self.fields["tensors"]) - 1)

    def tensor(self, name, dtype, shape, device="cpu", **flags):
        """A row-major tensor over a storage of its own; its number."""
        return self.view(name, self.storage(dtype, size_of(dtype) * int(numpy.prod(shape)), device), shape, **flags)


# From a description to Python objects


def storages_of(fields, content):
    """The storages as torch has them, each with its bytes."""
    found = []
    for row in fields["storages"]:
        data = bytearray(content[row["start"]:row["start"] + row["byteCount"]])
        flat = torch.frombuffer(data, dtype=torch.uint8).clone() if data else torch.empty(0, dtype=torch.uint8)
        found.append(flat.untyped_storage())
    return found


def tensor_of(row, storages):
    tensor = torch.empty(0, dtype=getattr(torch, row["dtype"])).set_(storages[row["storage"]], row["offset"], row["shape"], row["strides"])
    if row["parameter"]:
        return torch.nn.Parameter(tensor, requires_grad=row["requiresGrad"])
    return tensor.requires_grad_(row["requiresGrad"])


def root_of(fields, tensors):
    if fields["kind"] == "value":
        return typed.made(fields["root"], tensors)
    state = collections.OrderedDict((typed.fresh(row["name"]), tensor) for row, tensor in zip(fields["tensors"], tensors))
    if fields["metadata"] is not None:
        state._metadata = typed.made(fields["metadata"])
    return state


def build(fields, content):
    """(the value that a description describes, the location of each storage by its address)."""
    storages = storages_of(fields, content)
    locations = {storage._cdata: row["device"] for storage, row in zip(storages, fields["storages"])}
    return root_of(fields, [tensor_of(row, storages) for row in fields["tensors"]]), locations


@contextlib.contextmanager
def located(locations):
    """Devices as the description has them. "cpu" is one object, as in torch, which makes all others anew each time."""
    original = torch.serialization.location_tag
    fresh = lambda name: "cpu" if name == "cpu" else typed.fresh(name)
    torch.serialization.location_tag = lambda storage: fresh(locations.get(storage._cdata, "cpu"))
    try:
        yield
    finally:
        torch.serialization.location_tag = original


def save(case, folder):
    """Write the three files of a case."""
    path = os.path.join(folder, case.name)
    value, locations = build(case.fields, case.content)
    with located(locations), matrix_writing.options(**case.fields.get("options", {})):
        torch.save(value, path + ".pth")
    with open(path + ".bin", "wb") as file:
        file.write(case.content)
    with open(path + ".json", "w") as file:
        json.dump(case.fields, file)


# The cases


def dtype_case(dtype):
    case = Case(f"dtype_{dtype}")
    for name, shape in SHAPES.items():
        case.tensor(name, dtype, shape)
    return case


def sharing_case(dtype):
    """Views of two storages in turns, with offsets, strides, gaps, and names for the same elements."""
    case = Case(f"sharing_{dtype}")
    first, second = case.storage(dtype, 64 * size_of(dtype)), case.storage(dtype, 40 * size_of(dtype))
    case.view("base", first, (64,))
    case.view("other", second, (5, 2), offset=10)
    case.view("tail", first, (24,), offset=40)
    case.view("matrix", first, (4, 6), offset=8)
    case.view("transposed", first, (6, 4), (1, 6), 8)
    case.view("column", first, (4,), (6,), 10)
    case.view("other.tied", second, (5, 2), offset=10)
    case.view("expanded", first, (4, 3), (0, 1), 2)
    case.view("scalar", first, (), offset=63)
    case.view("nothing", first, (0,), offset=64)
    case.view("strange", second, (1, 3, 1), (77, 1, 99))
    case.view("permuted", second, (2, 3, 4), (1, 8, 2), 5)
    case.view("tied", first, (64,))
    return case


def untyped_case():
    """One storage under several dtypes, which torch allows for the dtypes that it saves untyped."""
    case = Case("several_dtypes")
    storage = case.storage("uint8", 64)
    for dtype in ("uint16", "uint32", "uint64", "float8_e5m2", "complex32"):
        case.view(dtype, storage, (64 // size_of(dtype) - 1,), offset=1, dtype=dtype)
    return case


def size_case():
    case = Case("sizes")
    for count in (1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 4095, 4096, 4097, 65535, 65536, 1 << 20, (3 << 20) + 7):
        case.tensor(f"bytes_{count}", "uint8", (count,))
    case.tensor("floats", "float32", (1024, 512))
    case.tensor("last", "int64", (1,))
    return case


NAMES = ["0", "1", "2", "10", "a", "é", "cpu", "storage", "version", "weight", "a.b.c", "名前", "🎉", "with space", "line\nbreak", "NUL\0inside",
         "quote'\"\\", "\x7f\x80", "x" * 255, "y" * 256, "é" * 128, "z" * 70000, "data/0", "../up", "OrderedDict"]


def name_case():
    case = Case("names")
    for name in NAMES:
        case.tensor(name, "float32", (1,))
    case.tensor("", "float32", (1,))
    return case


def count_case(count):
    case = Case(f"count_{count}")
    for place in range(count):
        case.tensor(f"layers.{place}.weight", "int32", ())
    return case


def shared_count_case():
    """More than 1000 tensors over few storages, with devices in between."""
    case = Case("count_1500_shared")
    storages = [case.storage("float16", 200, device) for device in ("cpu", "cuda:0", "cpu")]
    for place in range(1500):
        case.view(f"{place}", storages[place % 3], (place % 7, 2), offset=place % 50)
    return case


def metadata(*names, **extra):
    """What a module's state dict has as `_metadata`."""
    return described(collections.OrderedDict((name, {"version": 1, **extra}) for name in names))


def metadata_cases():
    for name, value in {"one": metadata(""), "several": metadata("", "conv", "norm", "head.0"), "empty": metadata(), "more": metadata("", "a", local=[True, None]),
                        "many": metadata("", *(f"layers.{i}" for i in range(1100)))}.items():
        case = Case(f"metadata_{name}", metadata=value)
        case.tensor("conv.weight", "float32", (2, 2))
        case.tensor("head.0.bias", "float32", (2,))
        yield case
    yield Case("metadata_without_tensors", metadata=metadata(""))


def flag_cases():
    for name, flags in {"requires_grad": {"requires_grad": True}, "parameter": {"parameter": True, "requires_grad": True}, "frozen": {"parameter": True}}.items():
        case = Case(f"flags_{name}", metadata=metadata("") if name == "parameter" else None)
        case.tensor("first", "float32", (2, 3), **flags)
        case.tensor("plain", "float32", (2,))
        case.tensor("half", "bfloat16", (2,), **flags)
        if name == "frozen":
            case.tensor("words", "uint16", (3,), **flags)
        storage = case.storage("float64", 80)
        case.view("view", storage, (2, 2), (1, 2), 3, **flags)
        case.view("again", storage, (4,), (2,), 1, **flags)
        yield case


def device_cases():
    for name, devices in {"cuda": ["cuda:0"], "cuda_1": ["cuda:1"], "mps": ["mps:0"], "mixed": ["cpu", "cuda:0", "cuda:1", "xpu:0"]}.items():
        case = Case(f"device_{name}")
        for place in range(6):
            storage = case.storage("float32", 32, devices[place % len(devices)])
            case.view(f"{place}.weight", storage, (2, 2))
            case.view(f"{place}.tail", storage, (4,), offset=4)
        yield case


def option_cases():
    for name, options in {"alignment_1": {"alignment": 1}, "alignment_16": {"alignment": 16}, "alignment_4096": {"alignment": 4096},
                          "checksums_off": {"checksums": False}, "both": {"alignment": 4096, "checksums": False}}.items():
        case = Case(f"options_{name}", options=options, metadata=metadata(""))
        for count in (1, 64, 0, 1000, 4096, 3):
            case.tensor(f"t{count}", "uint8", (count,))
        yield case


def file_name_cases():
    for name in ("file.name.with.dots", "file name", "file_名前", "file_" + "long" * 50):
        case = Case(name)
        case.tensor("weight", "float32", (2, 3))
        yield case


def module_case():
    """What torch.save(model.state_dict()) writes. There the "version" of each entry is one object."""
    state = matrix_training.net().state_dict()
    case = Case("module_state_dict", metadata=json.loads(json.dumps(described(state._metadata)).replace('"str": "version"', '"str": "version", "shared": true')))
    for name, tensor in state.items():
        number = case.storage(str(tensor.dtype)[6:], tensor.untyped_storage().nbytes())
        start = case.fields["storages"][number]["start"]
        case.content[start:] = bytes(tensor.untyped_storage().tolist())
        case.view(name, number, tensor.shape)
    return case


# General values


def scalars():
    boundaries = [0, 1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 2**64, 2**100, 2**2039 - 1, 2**2039, 2**2048 + 12345]
    numbers = [0.0, -0.0, 1.0, -1.5, 0.1, 1e300, 5e-324, float("inf"), float("-inf"), float("nan"), typed.number("7ff8000000000123"), typed.number("fff0000000000001")]
    return {"none": None, "bools": [True, False], "ints": boundaries + [-n for n in boundaries if n] + [-128, -129, -32768, -32769, -2**31 - 1, -2**63 - 1],
            "floats": numbers, "strings": ["a", "a", "0", "é", "日本語", "🎉", "NUL\0", "x" * 255, "y" * 256, "same", "same", "\udc80", "cpu", "storage", ""]}


def nested():
    return {"lists": [[], [1], [[], [[]], [1, [2, [3]]]]], "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((1,), (2, (3,)))), (None,) * 9],
            "dicts": {"empty": {}, "one": {"a": 1}, "two": {"a": 1, "b": 2}, "in": {"in": {"in": {}}}},
            "ordered": [collections.OrderedDict(), collections.OrderedDict(a=1), collections.OrderedDict(b=1, a=(2, [3]))]}


def keys():
    return {"mixed": {0: "int", "0": "text", 1.5: "float", None: "none", (1, "a"): "tuple", b"raw": "bytes", -1: "negative", True: "one"}, 7: 8,
            "nan": {float("nan"): 1}, "large": {2**70: "int", "n" * 300: "long"}}


def byte_strings():
    return {"bytes": [b"", b"ab", b"ab", bytes(range(256)), b"z" * 300], "arrays": [bytearray(), bytearray(b"ab\xff"), bytearray(300)]}


def sets():
    return {"set": {1, 2, 3}, "empty": set(), "one": {"only"}, "mixed": [{5}, {(1, 2)}]}


def frozensets():
    return {"frozenset": frozenset([1, 2]), "list": [frozenset([3])]}


def complex_numbers():
    return {"complex": [1 + 2j, complex(float("nan"), float("-inf")), complex(-0.0, 0.0)]}


def torch_values():
    return {"sizes": [torch.Size([2, 3]), torch.Size([]), torch.Size([1])], "dtypes": [torch.float32, torch.int64, torch.float32, torch.bool],
            "devices": [torch.device("cpu"), torch.device("cuda:1"), torch.device("cpu")]}


def batches():
    counts = (1, 2, 999, 1000, 1001, 2000, 2001)
    return {"lists": {n: [None] * n for n in counts}, "dicts": {n: {i: None for i in range(n)} for n in counts},
            "ordered": {n: collections.OrderedDict((i, None) for i in range(n)) for n in counts}, "tuples": [(True,) * n for n in counts]}


def memo():
    """More slots than a byte counts."""
    return {f"key {i}": [f"text {i}", (i,)] for i in range(150)}


def deep():
    value, mapping = "bottom", {"bottom": True}
    for _ in range(100):
        value, mapping = [value], {"d": mapping}
    return {"lists": value, "dicts": mapping}


VALUES = [scalars, nested, keys, byte_strings, sets, frozensets, complex_numbers, torch_values, batches, memo, deep]
ROOTS = {"none": None, "int": 7, "text": "just text", "list": [1, 2], "empty_list": [], "empty_dict": {}, "empty_tuple": (), "float": 0.5, "bool": True,
         "ordered": collections.OrderedDict(), "bytes": b"raw bytes", "tuple": (1, "two", 3.0)}


def value_cases():
    for make in VALUES:
        yield Case(f"value_{make.__name__}", kind="value", root=described(make()))
    for name, value in ROOTS.items():
        yield Case(f"root_{name}", kind="value", root=described(value))


def checkpoint_case():
    """A checkpoint of a training run: two state dicts with metadata that share a storage, an optimizer, and numbers."""
    case = Case("value_checkpoint", kind="value")
    rows = [case.tensor(f"t{i}", "float32", (3, 2)) for i in range(4)] + [case.view("view", 1, (6,))]
    model, ema = (collections.OrderedDict(weight=a, bias=b) for a, b in ((rows[0], rows[1]), (rows[4], rows[2])))
    model._metadata = collections.OrderedDict([("top", {"version": 1})])
    ema._metadata = collections.OrderedDict([("top", {"version": 2})])
    group = {"lr": 0.1, "betas": (0.9, 0.999), "foreach": None, "params": [0, 1]}
    case.fields["root"] = described({"epoch": 3, "model": model, "ema": ema, "history": [1.0, 0.5], "best": None, "done": False, "note": "model",
                                     "optimizer": {"state": {0: {"step": 3.0, "exp_avg": rows[3]}}, "param_groups": [group]}})
    return case


def tensor_root_case():
    case = Case("root_tensor", kind="value")
    case.fields["root"] = described(case.tensor("only", "float32", (2, 2)))
    return case


def cases():
    yield from map(dtype_case, DTYPES)
    yield from map(sharing_case, SHARED)
    yield from (make() for make in (untyped_case, size_case, name_case, shared_count_case, module_case, checkpoint_case, tensor_root_case))
    yield from map(count_case, (0, 1, 2, 3, 11, 999, 1000, 1001, 2000, 2001))
    for make in (metadata_cases, flag_cases, device_cases, option_cases, file_name_cases, value_cases):
        yield from make()


def stamp():
    """What the files depend on."""
    digest = hashlib.sha256(torch.__version__.encode())
    for name in ("built.py", "typed.py", "matrix_training.py", "fixture_classes.py"):
        with open(os.path.join(HERE, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def is_written(out):
    try:
        with open(os.path.join(out, "index.json")) as file:
            return json.load(file)["stamp"] == stamp()
    except (OSError, ValueError):
        return False


def write(out):
    """All cases, unless this program has written them already; the index comes last."""
    if is_written(out):
        return
    os.makedirs(out, exist_ok=True)
    names = []
    for case in cases():
        save(case, out)
        names.append(case.name)
    with open(os.path.join(out, "index.json"), "w") as file:
        json.dump({"stamp": stamp(), "names": names}, file, indent=0)
    print(f"built: {len(names)} cases")


def main():
    import generate
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", required=True, help="the folder to write to")
    arguments = arguments.parse_args()
    generate.fix_environment()
    warnings.simplefilter("ignore")
    write(arguments.out)


if __name__ == "__main__":
    main()
