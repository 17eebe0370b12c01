"""Values that are no tensors, in every form and protocol, with what Python says of them.

    value_cases.py FOLDER

writes one pickle for each case and `cases.json`: title, file, and what Python reads from the file.
"""
import argparse
import collections
import copyreg
import datetime
import decimal
import fractions
import functools
import hashlib
import ipaddress
import json
import pathlib
import pickle
import re
import sys
import types
import uuid

import numpy
import torch

from fixture_classes import Colour, Plain

UTC = datetime.timezone.utc
EAST = datetime.timezone(datetime.timedelta(hours=5, minutes=30), "IST")

OBJECTS = {
    "datetime": datetime.datetime(2024, 5, 6, 7, 8, 9, 10), "datetime of minutes": datetime.datetime(2024, 5, 6, 7, 8),
    "datetime of seconds": datetime.datetime(1, 12, 31, 23, 59, 59), "datetime in UTC": datetime.datetime(9999, 12, 31, 0, 0, tzinfo=UTC),
    "datetime in a zone": datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=EAST), "second time": datetime.datetime(2024, 12, 6, fold=1),
    "second time in UTC": datetime.datetime(2024, 5, 6, 1, 2, 3, 4, UTC, fold=1),
    "time": datetime.time(1, 2, 3, 4), "midnight": datetime.time(), "time in a zone": datetime.time(23, 2, tzinfo=EAST, fold=1),
    "date": datetime.date(2024, 2, 29), "zone": EAST, "UTC": UTC, "west": datetime.timezone(-datetime.timedelta(hours=3, microseconds=5)),
    "delta": datetime.timedelta(-1, 2, 3), "no delta": datetime.timedelta(0), "largest delta": datetime.timedelta.max,
    "path": pathlib.PurePosixPath("/a/b.pth"), "root": pathlib.PurePosixPath("/"), "two slashes": pathlib.PurePosixPath("//a/b"),
    "relative path": pathlib.PosixPath("runs/é/it's.pth"), "empty path": pathlib.PurePosixPath(), "drive": pathlib.PureWindowsPath("c:\\a\\b"),
    "relative drive": pathlib.PureWindowsPath("c:a\\b"), "share": pathlib.PureWindowsPath("\\\\host\\share\\a"),
    "slice": slice(1, None, 2), "slice of texts": slice("a", "b"), "range": range(10), "range with steps": range(5, -5, -2),
    "large range": range(0, 2**70, 2**65), "deque": collections.deque([1, "a"]), "bounded deque": collections.deque([1, 2], maxlen=3),
    "empty deque": collections.deque(maxlen=0), "defaultdict": collections.defaultdict(int, {"a": 1}), "defaultdict without": collections.defaultdict(None, {1: 2}),
    "nested defaultdict": collections.defaultdict(list, {"a": [datetime.date(2024, 1, 1)]}),
    "partial": functools.partial(int, "5", base=2), "fraction": fractions.Fraction(-1, 3), "decimal": decimal.Decimal("1.50"),
    "infinite decimal": decimal.Decimal("-Infinity"), "uuid": uuid.UUID(int=2**127 + 5), "small uuid": uuid.UUID(int=0),
    "namespace": types.SimpleNamespace(a=1, b="x"), "address": ipaddress.IPv4Address("10.0.200.1"), "layout": torch.sparse_coo,
    "pattern": re.compile("a+"), "pattern with flags": re.compile("a'", re.I | re.M | re.S | re.X | re.A), "pattern of bytes": re.compile(b"a", re.I),
    "ellipsis": ..., "not implemented": NotImplemented, "class": int,
}

SCALARS = {
    **{f"{name} {value}": getattr(numpy, name)(value) for name in ("int8", "int16", "int32", "int64") for value in (-3, 0, 127)},
    **{f"{name} {value}": getattr(numpy, name)(value) for name in ("uint8", "uint16", "uint32", "uint64") for value in (0, 200)},
    **{f"{name} {value}": getattr(numpy, name)(value) for name in ("float16", "float32", "float64")
       for value in (0.0, -0.0, 1.5, 0.1, 1e-5, 1e-4, 12345.678, 65504.0, 2.0**-24, float("nan"), float("inf"), float("-inf"))},
    **{f"{name} {value}": getattr(numpy, name)(value) for name in ("float32", "float64") for value in (1e8, 1e15, 1e16, 1e20, 16777216.0, 123456789.0, 3.4e38)},
    **{f"{name} {value}": getattr(numpy, name)(value) for name in ("complex64", "complex128") for value in (1 + 2j, -0.1j, complex(-0.0, 3), complex("nan-infj"))},
    "uint64 largest": numpy.uint64(2**64 - 1), "true": numpy.bool_(True), "false": numpy.bool_(False), "str": numpy.str_("é🎉b"),
    "empty str": numpy.str_(""), "bytes": numpy.bytes_(b"a\xff"), "big endian": numpy.array([258], dtype=">i4")[0],
    **{f"datetime64[{unit}]": numpy.datetime64("2024-02-29T23:59:58.123456789", unit) for unit in ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns")},
    "datetime64 before 1970": numpy.datetime64("1900-03-01T01:02:03.5"), "NaT": numpy.datetime64("NaT"), "NaT in days": numpy.datetime64("NaT", "D"),
    "datetime64 year 0": numpy.datetime64("-0001-01-01"), "datetime64[25s]": numpy.datetime64(3, "25s"),
    "timedelta64": numpy.timedelta64(5, "s"), "timedelta64 generic": numpy.timedelta64(-5), "timedelta64[10ms]": numpy.timedelta64(7, "10ms"),
}

DTYPES = ["?", "i1", "u1", "<i2", ">i2", "<u2", ">u4", "<i4", ">i4", "<i8", ">i8", "<u8", ">u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<c8", ">c8",
          "<c16", ">c16", "S3", "<U2", ">U2", "<M8[s]", ">M8[D]", "<m8[25us]", "V5", "<M8", "<f16", "S0"]

RECORDS = [[("a", "<i4"), ("b", ">f8")], [("a", "u1"), ("s", "U3"), ("m", "<f4", (2, 2))], numpy.dtype([("a", "u1"), ("b", "<i4")], align=True),
           numpy.dtype({"names": ["x", "y"], "formats": ["<i2", "S2"], "offsets": [4, 0], "itemsize": 10}),
           numpy.dtype([(("title", "n"), "<i8"), ("inner", [("p", "?"), ("q", "<M8[ms]")])])]

SHAPES = [(), (1,), (5,), (2, 3), (3, 1, 2), (0,), (2, 0)]


def array(dtype, shape):
    dtype = numpy.dtype(dtype)
    count = int(numpy.prod(shape))
    data = bytes((i * 37 + 1) % (2 if dtype == "?" else 128) for i in range(count * dtype.itemsize))
    if dtype.kind == "U":
        return numpy.array(["é", "ab", "", "🎉", "z", "q"] * 2, dtype=dtype)[:count].reshape(shape)
    if not count or not dtype.itemsize:
        return numpy.zeros(shape, dtype)
    made = numpy.frombuffer(data, dtype=dtype).reshape(shape).copy()
    for name in dtype.names or ():
        if dtype[name].kind == "U":   # not any bytes are Unicode
            made[name] = "é🎉"
    return made


def arrays():
    for dtype in DTYPES + RECORDS:
        for shape in SHAPES:
            yield f"{numpy.dtype(dtype)} {shape}", array(dtype, shape).copy()
    for dtype in ("<f4", ">i8", "<U2", "<c16"):
        yield f"{dtype} in Fortran's order", numpy.asfortranarray(array(dtype, (2, 3)))
        yield f"{dtype} transposed", array(dtype, (3, 1, 2)).copy().transpose(2, 0, 1)
        yield f"{dtype} with steps", array(dtype, (5,))[::2]
    yield "read-only", array("<f4", (5,))
    yield "matrix", numpy.matrix([[1, 2], [3, 4]])


def without_numbers(value):
    """JSON has no NaN, and floats go through it as text."""
    if isinstance(value, list):
        return [without_numbers(v) for v in value]
    return repr(value) if isinstance(value, (float, complex)) else value


def array_row(value):
    row = {"dtype": str(value.dtype), "dtypeRepr": repr(value.dtype), "shape": list(value.shape), "sha256": hashlib.sha256(value.tobytes()).hexdigest()}
    if value.dtype.kind == "U":
        row["strings"] = [str(s) for s in value.reshape(-1).tolist()] if type(value) is numpy.ndarray else None
    plain = value.view("<i8").astype("<i8") if value.dtype.str == "<M8[s]" else value
    try:
        tensor = torch.from_numpy(numpy.array(plain.astype(plain.dtype.newbyteorder("="))))
        row["torch"] = str(tensor.dtype).replace("torch.", "")
        row["elements"] = hashlib.sha256(numpy.ascontiguousarray(tensor.numpy()).tobytes()).hexdigest()
    except (TypeError, ValueError):
        pass
    if value.dtype.names:
        row["fields"] = {name: array_row(numpy.asarray(value[name])) for name in value.dtype.names}
    return row


def scalar_row(value):
    row = {"repr": repr(value), "type": f"numpy.{type(value).__name__.removesuffix('_') if type(value) is numpy.bool_ else type(value).__name__}"}
    if isinstance(value, (numpy.integer, numpy.bool_)) and not isinstance(value, numpy.timedelta64):
        row["item"] = str(value.item())
    elif isinstance(value, numpy.floating):
        row["item"] = repr(value.item())
    return row


# Python 2 and protocol 0, written by hand: what Python's own unpickler makes of it.
B = lambda text: b"U" + bytes([len(text)]) + text
PYTHON2 = {
    "STRING": b"S'abc'\n.", "STRING in double quotes": b'S"it\'s"\n.', "hexadecimal": b"S'\\x41\\xc3\\xa9'\n.", "octal": b"S'\\101\\0\\7z\\1234'\n.",
    "escapes": b"S'\\n\\t\\\\\\'\\\"\\a\\b\\f\\v\\r'\n.", "unknown escape": b"S'\\q\\d'\n.", "UNICODE": b"V\\u00e9\\U0001f389a\\\\u\xe9\n.".replace(b"\\\\u", b"\\\\x"),
    "LONG": b"L123456789012345678901234567890L\n.", "LONG without L": b"L5\n.", "negative LONG": b"L-5L\n.", "FLOAT": b"F0.1\n.", "FLOAT whole": b"F1\n.",
    "FLOAT exponent": b"F1e-05\n.", "FLOAT large": b"F1e+300\n.", "infinite FLOAT": b"F-inf\n.", "not a FLOAT": b"Fnan\n.", "true": b"I01\n.", "false": b"I00\n.",
    "INT": b"I-42\n.", "large INT": b"I123456789012345678901\n.", "SHORT_BINSTRING": B(b"abc") + b".", "BINSTRING": b"T\x03\x00\x00\x00abc.",
    "é in UTF-8": B("é".encode()) + b".", "é in Latin-1": B(b"\xe9") + b".",
    "dictionary": b"(d" + B(b"lr") + b"F0.1\ns" + B("é".encode()) + b"I1\ns.", "dict of marks": b"(S'a'\nI1\nS'b'\n(lp0\nI2\nad.",
    "INST": b"(ifixture_classes\nPlain\n(dS'a'\nI1\nsb.", "OBJ": b"(cfixture_classes\nPlain\no}" + b"U\x01aK\x01sb.",
    "INST with arguments": b"(I2024\nI5\nI6\nidatetime\ndate\n.", "OBJ with arguments": b"(cdatetime\ntimedelta\nK\x01K\x02o.",
    "reconstructor": b"ccopy_reg\n_reconstructor\n(cfixture_classes\nPlain\nc__builtin__\nobject\nNtR(dS'a'\nI1\nsb.",
    "slots": b"cfixture_classes\nPlain\n)\x81N}U\x01aK\x01s\x86b.", "dict and slots": b"cfixture_classes\nPlain\n)\x81}U\x01aK\x01s}U\x01bK\x02s\x86b.",
    "xrange": b"c__builtin__\nxrange\nK\x00K\x05K\x01\x87R.", "long": b"c__builtin__\nlong\n.", "set": b"c__builtin__\nset\n](K\x01K\x02e\x85R.",
    "date": b"cdatetime\ndate\n" + B(b"\x07\x62\x05\x06") + b"\x85R.", "datetime": b"cdatetime\ndatetime\n" + B(b"\x07\x62\x05\x06\x07\x08\x09\x00\x00\x0a") + b"\x85R.",
    "ordered": b"ccollections\nOrderedDict\n](](U\x01aK\x01e](U\x01bK\x02ee\x85R.", "deque": b"ccollections\ndeque\n](K\x01K\x02eK\x03\x86R.",
    "tuple in Latin-1": B(b"\xff") + b"K\x01\x86.", "device": b"ctorch\ndevice\n" + B(b"cpu") + b"\x85R.",
}

ARRAY2 = (b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I3\ntcnumpy\ndtype\n(S'f4'\nI0\nI1\ntR"
          b"(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nS'\\x00\\x00\\x80?\\x00\\x00\\x00@\\x00\\x00@@'\ntb.")
SCALAR2 = (b"cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\n" + B(b"f8") + b"K\x00K\x01\x87R(K\x03" + B(b"<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
           + B(b"\0\0\0\0\0\0\xf8\x3f") + b"\x86R.")


def python2_row(data, encoding):
    try:
        value = pickle.loads(data, encoding=encoding)
    except (UnicodeDecodeError, TypeError):
        return None
    if isinstance(value, Plain):
        return {"class": "fixture_classes.Plain", "fields": {k if isinstance(k, str) else k.decode(): repr(v) for k, v in vars(value).items()}}
    if isinstance(value, collections.OrderedDict):
        return {"repr": f"OrderedDict({dict(value)!r})"}
    return {"repr": repr(value)}


def write(folder):
    rows = []

    def add(title, data, **row):
        name = f"{len(rows)}.pkl"
        (folder / name).write_bytes(data)
        rows.append({"title": title, "file": name, **row})

    for protocol in range(6):
        for title, value in OBJECTS.items():
            data = pickle.dumps(value, protocol)
            add(f"{title}, protocol {protocol}", data, kind="object", repr=repr(pickle.loads(data)))
        for title, value in SCALARS.items():
            add(f"{title}, protocol {protocol}", pickle.dumps(value, protocol), kind="scalar", **scalar_row(value))
        for title, value in arrays():
            add(f"{title}, protocol {protocol}", pickle.dumps(value, protocol), kind="array", **array_row(value))
    for title, data in PYTHON2.items():
        for encoding in ("utf-8", "latin1", "ascii", "bytes"):
            add(f"{title} as {encoding}", data, kind="python2", encoding=encoding, expected=python2_row(data, encoding))
    add("Python 2 array", ARRAY2, kind="array", **array_row(pickle.loads(ARRAY2, encoding="latin1")))
    add("Python 2 scalar", SCALAR2, kind="scalar", **scalar_row(pickle.loads(SCALAR2, encoding="latin1")))
    (folder / "cases.json").write_text(json.dumps(rows))


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]))
