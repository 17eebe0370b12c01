"""Values as JSON that says every type, for what JSON itself would blur.

    {"none": null} {"bool": true} {"int": "123"} {"float": "3ff8000000000000"} {"complex": ["…", "…"]} {"str": "text"}
    {"utf8": "hex"} {"bytes": "hex"} {"bytearray": "hex"} {"list": […]} {"tuple": […]} {"set": […]} {"frozenset": […]}
    {"dict": [[key, value], …]} {"odict": [[key, value], …], "attributes": [[name, value], …]}
    {"size": [2, 3]} {"dtype": "float32"} {"device": "cuda:1"} {"tensor": 0}

Floats are the sixteen hexadecimal digits of their bits, integers decimal text. "utf8" is text with lone surrogates.
"tensor" counts the rows of a table that comes with the value. Text with "shared": true is one object wherever it is
equal, as names in Python source are; all other text is a new object each time, even of one character.
"""
import collections
import ctypes
import struct
import sys

import torch

_new, _write = ctypes.pythonapi.PyUnicode_New, ctypes.pythonapi.PyUnicode_WriteChar
_new.restype, _new.argtypes = ctypes.c_void_p, [ctypes.c_ssize_t, ctypes.c_uint32]
_write.argtypes = [ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_uint32]


def fresh(text):
    """A string object that nothing else refers to. Python keeps one object for each short character and hands it out
    whenever it can, but torch's storage keys are new ones; only the empty string is always the same."""
    if len(text) != 1:
        return "".join(list(text))
    address = _new(1, ord(text))
    _write(address, 0, ord(text))
    return ctypes.cast(address, ctypes.py_object).value


def bits(number):
    """The bits of a float as hexadecimal."""
    return struct.pack(">d", number).hex()


def number(text):
    return struct.unpack(">d", bytes.fromhex(text))[0]


def pairs(entries, tensors):
    return [(made(key, tensors), made(value, tensors)) for key, value in entries]


def ordered(value, tensors):
    """An OrderedDict; attribute names are shared, because Python interns them."""
    result = collections.OrderedDict(pairs(value["odict"], tensors))
    for name, attribute in value.get("attributes", []):
        setattr(result, name, made(attribute, tensors))
    return result


def hashed(kind, items, tensors):
    """A set, whose order has to be the listed one: it is pickled in that order."""
    wanted = [made(item, tensors) for item in items]
    result = kind(wanted)
    if list(result) != wanted:
        raise ValueError(f"Python orders the set as {list(result)}")
    return result


MAKERS = {
    "none": lambda v, t: None,
    "bool": lambda v, t: v["bool"],
    "int": lambda v, t: int(v["int"]),
    "float": lambda v, t: number(v["float"]),
    "complex": lambda v, t: complex(*map(number, v["complex"])),
    "str": lambda v, t: sys.intern(v["str"]) if v.get("shared") else fresh(v["str"]),
    "utf8": lambda v, t: bytes.fromhex(v["utf8"]).decode("utf-8", "surrogatepass"),
    "bytes": lambda v, t: bytes.fromhex(v["bytes"]),
    "bytearray": lambda v, t: bytearray.fromhex(v["bytearray"]),
    "list": lambda v, t: [made(item, t) for item in v["list"]],
    "tuple": lambda v, t: tuple([made(item, t) for item in v["tuple"]]),
    "set": lambda v, t: hashed(set, v["set"], t),
    "frozenset": lambda v, t: hashed(frozenset, v["frozenset"], t),
    "dict": lambda v, t: dict(pairs(v["dict"], t)),
    "odict": ordered,
    "size": lambda v, t: torch.Size(v["size"]),
    "dtype": lambda v, t: getattr(torch, v["dtype"]),
    "device": lambda v, t: torch.device(v["device"]),
    "tensor": lambda v, t: t[v["tensor"]],
}


def made(value, tensors=()):
    """The Python value, every part of it a new object."""
    for name, maker in MAKERS.items():
        if name in value:
            return maker(value, tensors)
    raise ValueError(f"no type in {value}")


def text(value):
    try:
        value.encode()
        return {"str": value}
    except UnicodeEncodeError:
        return {"utf8": value.encode("utf-8", "surrogatepass").hex()}


def described_pairs(value):
    return [[described(k), described(v)] for k, v in value.items()]


def described_ordered(value):
    result = {"odict": described_pairs(value)}
    if vars(value):
        result["attributes"] = [[name, described(item)] for name, item in vars(value).items()]
    return result


class Row(int):
    """Stands for a tensor of the table, where a value is to be described."""


DESCRIBERS = {
    type(None): lambda v: {"none": None},
    bool: lambda v: {"bool": v},
    int: lambda v: {"int": str(v)},
    float: lambda v: {"float": bits(v)},
    complex: lambda v: {"complex": [bits(v.real), bits(v.imag)]},
    str: text,
    bytes: lambda v: {"bytes": v.hex()},
    bytearray: lambda v: {"bytearray": v.hex()},
    list: lambda v: {"list": [described(item) for item in v]},
    tuple: lambda v: {"tuple": [described(item) for item in v]},
    set: lambda v: {"set": [described(item) for item in v]},
    frozenset: lambda v: {"frozenset": [described(item) for item in v]},
    dict: lambda v: {"dict": described_pairs(v)},
    collections.OrderedDict: described_ordered,
    torch.Size: lambda v: {"size": list(v)},
    torch.dtype: lambda v: {"dtype": str(v).replace("torch.", "")},
    torch.device: lambda v: {"device": str(v)},
    Row: lambda v: {"tensor": int(v)},
}


def described(value):
    """The JSON of a Python value."""
    return DESCRIBERS[type(value)](value)
