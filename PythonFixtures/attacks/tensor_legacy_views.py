"""Legacy files say which part of which storage a reference means: here a part outside the whole, a count of elements that
contradicts the file, keys that are listed twice or never, a storage of which the file has half."""
import struct

from assembling import STORAGE, dictionary, group, integer, legacy, legacy_tensor, storage, tensor, text

VERDICT, FINDINGS, FIRES = "suspicious", ["refused"], {}
INSPECT = ("invalidStorage", "invalidTensor", "duplicateRecord", "missingRecord", "truncated", "numberOutOfRange")


def part(offset, count):
    return dictionary(weight=tensor((count,), (1,), source=storage()[:-2] + group(text("5"), integer(offset), integer(count)) + b"tQ"))


def build(canary):
    model = dictionary(weight=legacy_tensor())
    return {
        "outside.pth": legacy(part(10, 10)), "negative.pth": legacy(part(-4, 4)), "overflow.pth": legacy(part((1 << 63) - 1, 2)),
        "twice.pth": legacy(model, keys=b"](" + text("0") + text("0") + b"e") + struct.pack("<q", 12) + STORAGE,
        "never.pth": legacy(model, keys=b"]", contents=b"")[:-8], "half.pth": legacy(model)[:-24],
        "count.pth": legacy(model)[:-56] + struct.pack("<q", -12) + STORAGE,
        "huge.pth": legacy(model)[:-56] + struct.pack("<q", 1 << 61) + STORAGE}
