"""What Python and numpy pickle: every kind of array and scalar, and the objects of the standard library."""
import collections
import datetime
import decimal
import fractions
import functools
import math
import pathlib
import pickle
import types
import uuid

import numpy

from fixture_classes import Colour, Level, Permission, Plain, Point, Settings, Slotted, Word, a_function

NUMBERS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()
SWAPPED = ">i2 >i4 >i8 >u2 >u4 >u8 >f2 >f4 >f8 >c8 >c16".split()
RECORD = [("id", "<i4"), ("name", "S3"), ("place", "<f8", (2,))]


def numpy_scalars():
    scalars = {name: numpy.dtype(name).type(1) for name in NUMBERS}
    return {**scalars, "negative": numpy.int64(-(2 ** 63)), "largest": numpy.uint64(2 ** 64 - 1), "nan": numpy.float32("nan"),
            "infinite": numpy.float64("-inf"), "negative_zero": numpy.float16(-0.0), "complex": numpy.complex128(1.5 - 2j),
            "text": numpy.str_("é text"), "bytes": numpy.bytes_(b"raw\xff"), "empty_text": numpy.str_(""),
            "day": numpy.datetime64("2024-05-06"), "moment": numpy.datetime64("2024-05-06T07:08:09.123456789"), "never": numpy.datetime64("NaT"),
            "delta": numpy.timedelta64(90, "m"), "record": numpy.array([(1, b"ab", (0.5, 1.5))], dtype=RECORD)[0]}


def numpy_arrays():
    grid = numpy.arange(6).reshape(2, 3)
    makers = {name: (grid % 2 if name == "bool" else grid).astype(name) for name in NUMBERS}
    swapped = {"big_" + name[1:]: grid.astype(name) for name in SWAPPED}
    return {**makers, **swapped, "fortran": numpy.asfortranarray(grid.astype("f4")), "fortran_big": numpy.asfortranarray(grid.astype(">f8")),
            "fortran_three_d": numpy.asfortranarray(numpy.arange(24, dtype="i2").reshape(2, 3, 4)),
            "transposed": grid.T, "sliced": grid[:, ::2], "zero_d": numpy.array(2.5), "empty": numpy.zeros((0, 3)), "vector": numpy.arange(3.0),
            "bytes": numpy.array([b"a", b"bcd", b"\xff"]), "text": numpy.array(["a", "é日", ""]), "big_text": numpy.array(["ab"]).astype(">U2"),
            "records": numpy.array([(1, b"ab", (0.5, 1.5)), (2, b"cde", (2.5, 3.5))], dtype=RECORD),
            "aligned": numpy.zeros(2, dtype=numpy.dtype([("flag", "i1"), ("value", "<f8")], align=True)),
            "nested_records": numpy.zeros(1, dtype=[("outer", [("inner", ">i2"), ("text", "<U1")])]),
            "objects": numpy.array([None, "text", 1.5, [1]], dtype=object), "days": numpy.array(["2024-05-06", "NaT"], dtype="datetime64[D]"),
            "nanoseconds": numpy.array([0, 1], dtype="datetime64[ns]"), "deltas": numpy.array([1, -1], dtype="timedelta64[s]"),
            "half_seconds": numpy.array([3], dtype="timedelta64[500ms]"), "void": numpy.zeros(2, dtype="V3"), "subclass": numpy.matrix([[1, 2]]),
            "dtypes": [numpy.dtype(name) for name in NUMBERS + SWAPPED + ["S3", "U2", "M8[ns]", "m8[s]", "O", "V3"]], "record_dtype": numpy.dtype(RECORD)}


def moments():
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30), "IST")
    return {"datetime": datetime.datetime(2024, 5, 6, 7, 8, 9, 10), "aware": datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc),
            "zoned": datetime.datetime(2024, 5, 6, tzinfo=zone), "folded": datetime.datetime(2024, 10, 27, 2, 30, fold=1), "first": datetime.datetime.min,
            "last": datetime.datetime.max, "date": datetime.date(2024, 5, 6), "time": datetime.time(7, 8, 9, 10), "aware_time": datetime.time(7, tzinfo=zone),
            "delta": datetime.timedelta(days=-1, seconds=2, microseconds=3), "zone": zone, "utc": datetime.timezone.utc}


def numbers():
    return {"fraction": fractions.Fraction(-1, 3), "decimal": decimal.Decimal("1.50"), "decimal_nan": decimal.Decimal("NaN"),
            "decimal_big": decimal.Decimal("-1E+100"), "uuid": uuid.UUID("12345678-1234-5678-1234-567812345678"), "complex": 1 - 2j,
            "slice": slice(1, None, 2), "range": range(0, 10, 3), "empty_range": range(0)}


def collected():
    bounded = collections.deque([1, [2]], maxlen=3)
    return {"namedtuple": Point(1, [2]), "defaultdict": collections.defaultdict(list, {"a": [1]}), "deque": collections.deque([1, 2]), "bounded": bounded,
            "empty_deque": collections.deque(), "counter": collections.Counter("abca"), "ordered": collections.OrderedDict(b=1, a=2),
            "chain": collections.ChainMap({"a": 1}, {"b": 2}), "user_list": collections.UserList([1]), "frozenset": frozenset(["only"]), "set": {1},
            "partial": functools.partial(a_function, 1, key="value"), "namespace": types.SimpleNamespace(rate=0.5, inner=types.SimpleNamespace())}


def objects():
    return {"enum": Colour.RED, "enum_again": Colour.RED, "enum_by_text": Colour.GREEN, "integer_enum": Level.HIGH, "text_enum": Word.YES,
            "flag": Permission.READ, "flags": Permission.READ | Permission.WRITE, "no_flags": Permission(0), "dataclass": Settings(), "plain": Plain(a=1),
            "path": pathlib.PurePosixPath("runs/epoch-1.pth"), "windows_path": pathlib.PureWindowsPath("C:/runs"), "empty_path": pathlib.PurePosixPath(),
            "real_path": pathlib.PosixPath("/tmp"), "function": a_function, "builtin": math.sqrt, "class": Settings, "builtin_class": dict,
            "error": ValueError("message", 1), "method": "text".upper, "class_method": dict.fromkeys}


def slotted():
    """Protocols 0 and 1 can't pickle classes with slots."""
    return {"slots": Slotted(1, [2]), "again": Slotted("left", None)}


GROUPS = {"numpy_scalars": numpy_scalars, "numpy_arrays": numpy_arrays, "moments": moments, "numbers": numbers, "collected": collected,
          "objects": objects, "slotted": slotted}


NUMPY = ("numpy_scalars", "numpy_arrays")   # what differs between the Pythons of the writers


def write(folder, names=tuple(GROUPS)):
    """In a torch archive, as this torch and its numpy spell it."""
    for name in names:
        folder.save(f"python_{name}.pth", GROUPS[name])


def write_pickles(folder, names=tuple(GROUPS), protocols=range(6)):
    """Without an archive, at every protocol; protocols that can't do it are left out."""
    for name in names:
        for protocol in protocols:
            file = f"python_{name}_protocol_{protocol}.pkl"
            folder.attempt(file, lambda: folder.write(file, pickle.dumps(GROUPS[name](), protocol)))
