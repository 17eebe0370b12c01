"""A data.pkl of 1 GB, deflated to 1 MB: one byte string, or a list of as many things as there are bytes."""
import zlib

from archives import Entry, archive
from assembling import entries

VERDICT, FINDINGS, FIRES = "suspicious", ["limitReached"], {}
INSPECT = ("inert", "limitExceeded", "truncated", "outOfMemory")
SIZE = 1_000_000_000


def bomb(head, block, tail):
    """An entry of that many blocks, none of which has to be in memory: each is packed apart, so that one will do for all."""
    count, packer = SIZE // len(block), zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    packed += (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)) * count + packer.compress(tail) + packer.flush()
    crc = zlib.crc32(head)
    for _ in range(count):
        crc = zlib.crc32(block, crc)
    fields = {"method": 8, "crc": zlib.crc32(tail, crc), "size": len(head) + count * len(block) + len(tail)}
    entry = Entry("archive/data.pkl", b"", both=fields)
    entry.packed = packed
    return entry


def build(canary):
    others = entries(b"")[1:]
    literal = bomb(b"\x80\x04\x8e" + SIZE.to_bytes(8, "little"), bytes(1_000_000), b".")
    return {"literal.pth": archive([literal, *others]), "marks.pth": archive([bomb(b"\x80\x02", b"(" * 1_000_000, b"."), *others])}
