"""Everything that is not a tensor: scalars at each size boundary, strings, containers, aliases, cycles, objects."""
import argparse
import collections
import datetime
import pathlib
import pickle

import torch

from fixture_classes import Colour, Plain, ReducedWithTensor, a_function
from saving import stable_legacy_keys


def integers():
    boundaries = [0, 1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 2**64 - 1, 2**100, 2**2039 - 1]
    return {"none": None, "true": True, "false": False, "integers": boundaries + [-n for n in boundaries if n] +
            [-128, -129, -32768, -32769, -2**31, -2**31 - 1, -2**63, -2**63 - 1, -2**2039]}


def huge_integer():
    """More than 255 bytes: LONG4, which the weights_only reader refuses."""
    return {"huge": 2**2048 + 12345, "negative": -(2**2048) - 1}


def floats():
    return {"floats": [0.0, -0.0, 1.0, -1.5, 0.1, 1e300, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
                       float("inf"), float("-inf"), float("nan"), 1e16, 1e-5, 123456789.125]}


def strings():
    return {"strings": ["", "a", "plain ascii", "é", "日本語", "emoji 🎉", "\udc80", "a\udc80b", "NUL\0inside", "line\nbreak\\quote'\"",
                        "x" * 255, "y" * 256, "é" * 200, "\u2028\ufeff\x7f\x80"], "é": "accented key", "🎉": "emoji key", "": "empty key"}


def byte_strings():
    return {"bytes": [b"", b"ascii", bytes(range(256)), b"z" * 300], "bytearrays": [bytearray(), bytearray(b"ab\xff"), bytearray(300)]}


def containers():
    return {"tuples": [tuple(range(n)) for n in range(6)], "nested_tuple": ((), ((1,), (2, (3,)))),
            "lists": [[], [1], [[], [[]], [1, [2, [3]]]]], "empty": [{}, [], (), collections.OrderedDict()],
            "dicts": {"one": {"a": 1}, "two": {"a": 1, "b": 2}}}


def sets():
    return {"set": {1, 2, 3}, "empty_set": set(), "one": {"only"}, "in_list": [{5}]}


def frozensets():
    return {"frozenset": frozenset([1, 2]), "empty": frozenset()}


def complex_numbers():
    return {"complex": [1 + 2j, complex(float("nan"), float("-inf")), complex(-0.0, 0.0)]}


def keys():
    return {"mixed": {0: "int zero", "0": "string zero", 1.5: "float", None: "none", (1, "a"): "tuple", b"raw": "bytes", -1: "negative"},
            "bools": {True: "yes", False: "no"}, "nan_key": {float("nan"): 1}, "tensors": {0: torch.zeros(1), "0": torch.ones(1), (0, 1): torch.full((1,), 2.0)}}


def ordered():
    with_attributes = collections.OrderedDict([("w", torch.ones(1))])
    with_attributes._metadata = collections.OrderedDict([("", {"version": 1})])
    return {"empty": collections.OrderedDict(), "one": collections.OrderedDict(a=1), "two": collections.OrderedDict(b=1, a=2),
            "with_attributes": with_attributes, "counter": collections.Counter("abca")}


def collection_types():
    default = collections.defaultdict(int, {"a": 1})
    return {"defaultdict": default, "default_of_lists": collections.defaultdict(list, {"t": [torch.zeros(1)]}),
            "deque": collections.deque([1, 2, 3]), "bounded_deque": collections.deque([4], maxlen=2)}


def torch_values():
    return {"size": torch.Size([2, 3]), "empty_size": torch.Size([]), "device": torch.device("cpu"), "cuda": torch.device("cuda:1"),
            "dtypes": [torch.float32, torch.int64, torch.bfloat16, torch.bool], "layouts": [torch.strided, torch.sparse_coo]}


def newer_dtypes():
    return {"dtypes": [torch.int4, torch.uint3, torch.float8_e8m0fnu, torch.uint64]}


def qschemes():
    return {"qschemes": [torch.per_tensor_affine, torch.per_channel_symmetric]}


def standard_objects():
    return {"namespace": argparse.Namespace(lr=0.1, layers=[1, 2], name="run"), "datetime": datetime.datetime(2024, 5, 6, 7, 8, 9, 10),
            "date": datetime.date(2024, 5, 6), "delta": datetime.timedelta(days=1, seconds=2), "path": pathlib.PurePosixPath("runs/epoch-1.pth"),
            "slice": slice(1, None, 2), "range": range(0, 10, 3), "class": argparse.Namespace, "function": datetime.datetime,
            "builtin": len, "ellipsis": ..., "not_implemented": NotImplemented}


def own_objects():
    return {"enum": Colour.RED, "enum_by_string": Colour.GREEN, "plain": Plain(a=1, b=[2.5, "x"], weight=torch.ones(2)), "empty": Plain(),
            "nested": Plain(inner=Plain(deep=torch.zeros(1))), "class": Plain, "function": a_function,
            "with_arguments": ReducedWithTensor(torch.arange(3), "label")}


def numpy_values():
    import numpy
    return {"float64": numpy.float64(1.5), "int64": numpy.int64(-3), "bool": numpy.bool_(True), "array": numpy.arange(6, dtype=numpy.float32).reshape(2, 3),
            "fortran": numpy.asfortranarray(numpy.arange(6).reshape(2, 3)), "dtype": numpy.dtype("float32"), "strings": numpy.array(["a", "bc"])}


def batches():
    """Around 1000 entries, where the pickler starts a new batch."""
    sizes = (999, 1000, 1001, 2000)
    return {"lists": {n: list(range(n)) for n in sizes}, "dicts": {n: {f"k{i}": i for i in range(n)} for n in sizes},
            "ordered": {n: collections.OrderedDict((i, None) for i in range(n)) for n in (1000, 1001)}}


def aliases():
    shared, text, pair = [1, 2], "".join(["sha", "red"]), (1, [2])
    return {"a": shared, "b": shared, "c": {"inner": shared}, "text": text, "text_again": text, "equal_text": "".join(["shar", "ed"]),
            "pair": pair, "pair_again": pair, "dict": [d := {"k": 1}, d]}


def cycles():
    a_list, a_dict, inside = [1], {"k": 1}, []
    a_list.append(a_list)
    a_dict["self"] = a_dict
    a_tuple = (1, inside)
    inside.append(a_tuple)
    return {"list": a_list, "dict": a_dict, "tuple": a_tuple, "list_in_tuple": inside}


def object_cycle():
    parent, child = Plain(name="parent"), Plain(name="child")
    parent.child, child.parent = child, parent
    return {"parent": parent}


def many_memo_slots():
    """More than 256 memo slots, each used again: LONG_BINPUT and LONG_BINGET."""
    lists = [[i] for i in range(300)]
    return {"first": lists, "again": list(reversed(lists)), "text": [s := "".join(["tail", "end"]), s]}


def deep():
    value, mapping = "bottom", {"bottom": True}
    for _ in range(500):
        value, mapping = [value], {"d": mapping}
    return {"lists": value, "dicts": mapping}


GROUPS = [integers, huge_integer, floats, strings, byte_strings, containers, sets, frozensets, complex_numbers, keys, ordered,
          collection_types, torch_values, newer_dtypes, qschemes, standard_objects, own_objects, numpy_values, batches, aliases, cycles,
          object_cycle, many_memo_slots, deep]

TOP_LEVEL = {"none": None, "int": 7, "string": "just text", "list": [1, 2], "empty_dict": {}, "empty_tuple": (), "float": 0.5}


def protocol_set():
    """One set of plain values for every protocol; nothing whose pickling needs protocol 2."""
    return {"integers": integers(), "huge": huge_integer(), "floats": floats(), "strings": strings(), "bytes": byte_strings(),
            "containers": containers(), "complex": complex_numbers(), "ordered": collections.OrderedDict(a=1, b=[2]), "aliases": aliases(),
            "cycles": cycles(), "sets": sets(), "frozenset": frozenset([1, 2]), "keys": {0: 1, "0": 2, None: 3, (1, 2): 4}, "deque": collections.deque([1])}


PYTHONS = (batches, aliases, cycles, object_cycle, many_memo_slots, deep)   # what torch's version has no part in


def write(folder, complete):
    for group in GROUPS:
        if complete or group not in PYTHONS:
            folder.save(f"values_{group.__name__}.pth", group)


def write_top_level(folder):
    for name, value in TOP_LEVEL.items():
        folder.save(f"top_{name}.pth", lambda: value)


def write_protocols(folder):
    """The values under every pickle protocol; tensors too, where the protocol can name storages (0 cannot)."""
    for protocol in range(6):
        folder.save(f"protocol_{protocol}_values.pth", protocol_set, pickle_protocol=protocol)
        folder.save(f"protocol_{protocol}_tensors.pth", lambda: {"w": torch.arange(4.0), "n": torch.nn.Parameter(torch.ones(1)), "i": 3},
                    pickle_protocol=protocol)


def write_pickles(folder):
    """Pickles with no archive around them, and some with a tensor, which then is a legacy checkpoint in a byte string."""
    for protocol in range(6):
        folder.write(f"values_protocol_{protocol}.pkl", pickle.dumps(protocol_set(), protocol))
        folder.write(f"objects_protocol_{protocol}.pkl", pickle.dumps({**object_cycle(), "plain": Plain(a=1), "namespace": argparse.Namespace(b=2),
                                                                      "enum": Colour.RED, "date": datetime.date(2024, 5, 6)}, protocol))
        folder.write(f"batches_protocol_{protocol}.pkl", pickle.dumps({"list": list(range(1001)), "dict": {i: i for i in range(1001)},
                                                                      "slots": many_memo_slots()}, protocol))
    folder.write("large_frame_protocol_4.pkl", pickle.dumps({"text": "t" * 70000, "after": [1, 2], "bytes": b"b" * 100}, 4))
    for protocol in (2, 4):
        with stable_legacy_keys():
            folder.write(f"tensor_inside_protocol_{protocol}.pkl", pickle.dumps({"t": torch.arange(3.0)}, protocol))
