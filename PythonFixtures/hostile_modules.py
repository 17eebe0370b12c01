"""Pickles of modules that no program would save: written by hand, since Python's pickler has limits of its own.

usage: hostile_modules.py FOLDER"""
import os
import pickle
import sys
import zipfile


def text(value):
    return b"X" + len(value.encode()).to_bytes(4, "little") + value.encode()


MODULE = b"ctorch.nn.modules.module\nModule\n)\x81"
FLOAT = pickle.dumps(1.5, 2)[2:-1]


def fields(modules=b"", parameters=b"}", buffers=b"}", extra=b""):
    """A state in which entries of modules are written by `modules`, keys and values in turn."""
    return (b"}(" + text("_parameters") + parameters + text("_buffers") + buffers
            + text("_modules") + b"}(" + modules + b"u" + extra + b"u")


def module(*arguments, **options):
    return MODULE + fields(*arguments, **options) + b"b"


def deep(count):
    start = MODULE + b"}(" + text("_parameters") + b"}" + text("_buffers") + b"}" + text("_modules") + b"}(" + text("a")
    return start * count + module() + b"uub" * count


def doubling(count):
    value = module() + b"p0\n"
    for place in range(count):
        previous = b"g%d\n" % place
        # The first use is the object itself, the second one its memo.
        value = MODULE + fields(text("a") + value + text("b") + previous) + b"bp%d\n" % (place + 1)
    return value


def sharing_fields(count):
    state = fields(b"".join(text(f"n{i}") + b"N" for i in range(count)))
    shared = b"0" + state + b"p1\n0"
    children = b"".join(text(f"m{i}") + MODULE + b"g1\nb" for i in range(count))
    # Something to drop comes first, so that the pickle begins with a value.
    return b"N" + shared + module(children)


CASES = {
    "inside_itself": MODULE + b"p0\n" + fields(text("a") + b"g0\n") + b"b",
    "deep": deep(5000),
    "less_deep": deep(300),
    "doubling": doubling(60),
    "less_doubling": doubling(8),
    "sharing_fields": sharing_fields(6000),
    "less_sharing_fields": sharing_fields(30),
    "long_names": module(b"".join(text("x" * 60_000 + str(i)) + (b"" if i else b"") + module(text("y" * 60_000) + module())
                                  for i in range(20))),
    "number_as_name": module(b"K\x01" + module()),
    "text_as_module": module(text("a") + text("b")),
    "list_as_parameters": module(text("a") + module(parameters=b"]")),
    "number_as_parameter": module(parameters=b"}(" + text("a") + FLOAT + b"u"),
    "number_as_set": module(extra=text("_non_persistent_buffers_set") + b"K\x05"),
    "list_as_state": module(text("a") + MODULE + b"]b"),
    "unpackable": module(text("a") + b"ctorch.ao.nn.quantized.modules.linear\nLinear\n)\x81" + fields() + b"b"),
    "convolution": module(text("a") + b"ctorch.ao.nn.quantized.modules.conv\nConv2d\n)\x81(" + b"N" * 15 + b"tb"),
    "sparse": module(text("a") + b"ctorch.ao.nn.sparse.quantized.linear\nLinear\n)\x81" + fields() + b"b"),
    "reconstructed": b"ccopy_reg\n_reconstructor\n(cmodels\nNet\nc__builtin__\nobject\nNtR"
                     + fields(text("a") + module()) + b"b",
    "same_forms": module(text("e\u0301") + module() + text("\u00e9") + module()),
}


def main():
    for name, value in CASES.items():
        with zipfile.ZipFile(os.path.join(sys.argv[1], name + ".pt"), "w") as archive:
            archive.writestr("archive/data.pkl", b"\x80\x02" + value + b".")
            archive.writestr("archive/version", "3\n")


if __name__ == "__main__":
    main()
