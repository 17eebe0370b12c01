#!/usr/bin/env python3
"""Write a small file that asks its reader for much time or memory: costly.py NAME PATH.

The names are those of COSTLY. No file has 2 MB. The standard library is enough, because torch can't write most of them.
"""
import pickle
import struct
import sys
import zipfile

MEGABYTE = "x" * 1_000_000


def text(value):
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value):
    return b"J" + struct.pack("<i", value)


def put(slot):
    return b"r" + struct.pack("<I", slot)


def get(slot):
    return b"h" + bytes([slot])


def storage(count, key="0", location="cpu"):
    """A reference to the storage of so many float32."""
    names = text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text(location)
    return b"(" + names + number(count) + b"tQ"


def tensor(shape, strides):
    """A call that makes a tensor of the four bytes of storage 0."""
    sizes = b"".join(b"(" + b"".join(map(number, part)) + b"t" for part in (shape, strides))
    hooks = b"ccollections\nOrderedDict\n)R"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage(1) + number(0) + sizes + b"\x89" + hooks + b"tR"


def bare(path, body, protocol=2):
    with open(path, "wb") as file:
        file.write(b"\x80" + bytes([protocol]) + body + b".")


def archive(path, body, protocol=2, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("archive/data.pkl", b"\x80" + bytes([protocol]) + body + b".")
        file.writestr("archive/byteorder", "little", zipfile.ZIP_STORED)
        file.writestr("archive/data/0", struct.pack("<f", 1.5), zipfile.ZIP_STORED)
        file.writestr("archive/version", "3\n", zipfile.ZIP_STORED)


def shared_text(path):
    """A text of 1 MB, at 10,000 places of lists that share their elements: 10 GB when it is printed."""
    value = MEGABYTE
    for _ in range(4):
        value = [value] * 10
    archive(path, pickle.dumps(value, protocol=2)[2:-1])


def referenced_text(path):
    """A list of 20,000 references to a text of 1 MB."""
    archive(path, pickle.dumps([MEGABYTE] * 20_000, protocol=2)[2:-1])


def large_integer(path):
    """An integer of 8 million bits: its decimal digits take time in proportion to their square."""
    bare(path, b"\x8b" + struct.pack("<I", 1_000_000) + b"\x55" * 1_000_000)


def deep_tensor(path):
    """A tensor at 20,000 places, each 3,900 lists deep: 78 million steps of paths."""
    references = tensor([1], [1]) + put(0) + get(0) * 19_999
    archive(path, b"]" * 3_900 + b"(" + references + b"e" + b"a" * 3_899)


def long_names(path):
    """100,000 classes whose module and name are one text of 1 MB."""
    archive(path, b"](" + text(MEGABYTE) + put(0) + (get(0) + get(0) + b"\x93") * 100_000 + b"e", protocol=4)


def long_locations(path):
    """100,000 storages on a device whose name has 1 MB; deflated, because the references alone have 1.3 MB."""
    parts = [text("storage"), b"ctorch\nFloatStorage\n", text("0"), text(MEGABYTE), number(1)]
    first = b"".join(part + put(slot) for slot, part in enumerate(parts))
    others = (b"(" + b"".join(get(slot) for slot in range(5)) + b"tQ") * 99_999
    archive(path, b"]((" + first + b"tQ" + others + b"e", method=zipfile.ZIP_DEFLATED)


def expanded_tensors(path):
    """1,000 tensors of 800 MB each, expanded from one number."""
    one = tensor([200_000_000], [0])
    archive(path, b"}(" + b"".join(text(f"layer.{place}") + one for place in range(1_000)) + b"u")


def deep_lists(path):
    """Lists nested 200,000 deep."""
    archive(path, b"]" * 200_000 + b"a" * 199_999)


def inflating(path):
    """A data.pkl that is 1 GB when it is inflated."""
    count = 1_000_000_000
    block = bytes(1_000_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        with file.open("archive/data.pkl", "w", force_zip64=True) as record:
            record.write(b"\x80\x04\x8e" + struct.pack("<Q", count))
            for _ in range(count // len(block)):
                record.write(block)
            record.write(b".")
        file.writestr("archive/version", "3\n", zipfile.ZIP_STORED)


COSTLY = {
    writer.__name__: writer
    for writer in (
        shared_text, referenced_text, large_integer, deep_tensor, long_names, long_locations,
        expanded_tensors, deep_lists, inflating)
}


def main():
    name, path = sys.argv[1:]
    COSTLY[name](path)


if __name__ == "__main__":
    main()
