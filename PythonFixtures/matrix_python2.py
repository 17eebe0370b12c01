"""What Python 2 wrote: pickles, arrays of numpy, and the checkpoints of torch before 1.6. Written by hand (python2.py)."""
import struct

from python2 import Call, Global, Instance, New, Persistent, Str, dumps

MAGIC = 0x1950A86A20F9469CFC6C


def encoding(name):
    """What has to be said to read a file: byte strings that are no ASCII need an encoding that takes all bytes."""
    return "latin1" if name.startswith("python2_latin1_") else None


def plain():
    return {Str(b"text"): Str(b"plain ascii"), Str(b"escapes"): Str(b"quote' \\ line\n tab\t"), Str(b"long"): Str(b"x" * 300), Str(b"empty"): Str(b""),
            "unicode key": "é日本\\n\n", Str(b"integers"): [0, 1, 255, 256, 65536, -1, 2 ** 31, -2 ** 63, 2 ** 63, -2 ** 100], Str(b"floats"): [0.5, -0.0, 1e300],
            Str(b"bools"): (True, False), Str(b"none"): None, Str(b"tuples"): [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)], 7: Str(b"integer key"),
            Str(b"nested"): {Str(b"a"): [[], {}, [{Str(b"b"): ()}]]}}


def names():
    """Modules and classes that Python 3 calls otherwise."""
    return {Str(b"set"): Call("__builtin__", "set", ([1, 2],)), Str(b"frozenset"): Call("__builtin__", "frozenset", ([3],)),
            Str(b"complex"): Call("__builtin__", "complex", (1.0, -2.0)), Str(b"range"): Call("__builtin__", "xrange", (0, 10, 3)),
            Str(b"object"): Global("__builtin__", "object"), Str(b"str class"): Global("__builtin__", "unicode"),
            Str(b"ordered"): Call("collections", "OrderedDict", ([[Str(b"b"), 1], [Str(b"a"), 2]],)),
            Str(b"error"): Call("exceptions", "ValueError", (Str(b"message"),))}


def objects():
    return {Str(b"old"): Instance("fixture_classes", "Old", (), {Str(b"a"): 1, Str(b"b"): [Str(b"x")]}),
            Str(b"old_empty"): Instance("fixture_classes", "Old"), Str(b"new"): New("fixture_classes", "Plain", {Str(b"rate"): 0.5}),
            Str(b"namespace"): New("argparse", "Namespace", {Str(b"lr"): 0.1, Str(b"name"): Str(b"run")}), Str(b"bare"): New("__builtin__", "object")}


def latin1():
    return {Str(b"bytes"): Str(bytes(range(256))), Str(b"caf\xe9"): Str(b"\xff\xfe"), Str(b"list"): [Str(b"\x80")]}


def dtype(code, order, *sizes):
    size, alignment = sizes or (-1, -1)
    return Call("numpy", "dtype", (Str(code), 0, 1), (3, Str(order), None, None, None, size, alignment, 0))


def array(shape, kind, data, fortran=False):
    return Call("numpy.core.multiarray", "_reconstruct", (Global("numpy", "ndarray"), (0,), Str(b"b")), (1, shape, kind, fortran, Str(data)))


def numpy():
    """Arrays of numpy for Python 2: their bytes are a str."""
    scalar = lambda kind, data: Call("numpy.core.multiarray", "scalar", (kind, Str(data)))
    return {Str(b"f4"): array((2, 3), dtype(b"f4", b"<"), struct.pack("<6f", *range(6))), Str(b"big"): array((2,), dtype(b"f8", b">"), struct.pack(">2d", 1.5, -2)),
            Str(b"fortran"): array((2, 2), dtype(b"i8", b"<"), struct.pack("<4q", 1, 2, 3, 4), True), Str(b"bool"): array((2,), dtype(b"b1", b"|"), b"\1\0"),
            Str(b"bytes"): array((2,), dtype(b"S3", b"|", 3, 1), b"abcx\xff\0"), Str(b"float64"): scalar(dtype(b"f8", b"<"), struct.pack("<d", 200.25)),
            Str(b"int64"): scalar(dtype(b"i8", b"<"), struct.pack("<q", -3))}


PICKLES = {"plain": plain, "names": names, "objects": objects, "latin1_strings": latin1, "latin1_numpy": numpy}


def write_pickles(folder):
    for name, make in PICKLES.items():
        for protocol in range(3):
            folder.write(f"python2_{name}_protocol_{protocol}.pkl", dumps(make(), protocol))


# Checkpoints

def storage(kind, key, count, view=None, location=b"cpu"):
    return Persistent((Str(b"storage"), Global("torch", kind), Str(key), Str(location), count, view))


def tensor(storage, shape, stride, offset=0):
    return Call("torch._utils", "_rebuild_tensor_v2", (storage, offset, shape, stride, False, Call("collections", "OrderedDict", ([],))))


def legacy(value, storages, protocol=2, little=True, text=Str):
    """A legacy file: five pickles, then each storage. `text` says what the keys of the header and the list of keys are."""
    sizes = {text_of("short", text): 2, text_of("int", text): 4, text_of("long", text): 4}
    info = {text_of("protocol_version", text): 1001, text_of("little_endian", text): little, text_of("type_sizes", text): sizes}
    keys = [text_of(key, text) for key, _, _ in storages]
    data = b"".join(dumps(part, protocol) for part in (MAGIC, 1001, info, value, keys))
    return data + b"".join(struct.pack("<q", count) + content for _, count, content in storages)


def text_of(value, text):
    return text(value.encode()) if text is Str else value


def state_dict():
    rows = {b"weight": tensor(storage("FloatStorage", b"100", 6), (2, 3), (3, 1)), b"bias": tensor(storage("DoubleStorage", b"200", 2), (2,), (1,)),
            b"steps": tensor(storage("LongStorage", b"300", 1), (), ()), b"view": tensor(storage("FloatStorage", b"100", 6), (2,), (3,), 1)}
    state = Call("collections", "OrderedDict", ([],), pairs=[(Str(name), value) for name, value in rows.items()])
    storages = [("100", 6, struct.pack("<6f", *range(6))), ("200", 2, struct.pack("<2d", 1.5, -2)), ("300", 1, struct.pack("<q", 7))]
    return {Str(b"state_dict"): state, Str(b"epoch"): 3, Str(b"arch"): Str(b"resnet"), Str(b"best"): 0.5}, storages


def parameters():
    """What old torch wrote for variables, and a Parameter."""
    weight = tensor(storage("FloatStorage", b"100", 2), (2,), (1,))
    parameter = Call("torch._utils", "_rebuild_parameter", (weight, True, Call("collections", "OrderedDict", ([],))))
    oldest = Call("torch._utils", "_rebuild_tensor", (storage("FloatStorage", b"100", 2), 0, (2,), (1,)))
    return {Str(b"parameter"): parameter, Str(b"tensor"): oldest}, [("100", 2, struct.pack("<2f", 1.5, -2))]


def views():
    """Storages that are a part of another one: torch 1.0 to 1.5 could write a third kind of item into the id. Today's writes None."""
    root = lambda view=None: storage("FloatStorage", b"100", 8, view)
    part = lambda key, offset, count: root((Str(key), offset, count))
    value = {Str(b"whole"): tensor(root(), (8,), (1,)), Str(b"part"): tensor(part(b"101", 2, 4), (2, 2), (2, 1)),
             Str(b"part_again"): tensor(part(b"101", 2, 4), (1,), (1,), 3), Str(b"tail"): tensor(part(b"102", 6, 2), (2,), (1,)),
             Str(b"empty"): tensor(part(b"103", 8, 0), (0,), (1,)), Str(b"storage"): part(b"101", 2, 4)}
    return value, [("100", 8, struct.pack("<8f", *range(8)))]


def latin1_state():
    value, storages = state_dict()
    return {**value, Str(b"author"): Str(b"Andr\xe9")}, storages


def write_legacy(folder):
    folder.write("python2_legacy_state_dict.pth", legacy(*state_dict()))
    folder.write("python2_legacy_protocol_1.pth", legacy(*state_dict(), protocol=1))
    folder.write("python2_legacy_parameters.pth", legacy(*parameters()))
    folder.write("python2_latin1_legacy.pth", legacy(*latin1_state()))
    folder.write("legacy_views_of_storages.pth", legacy(*views()))
    folder.write("legacy_big_endian_header.pth", legacy(*state_dict(), little=False))
