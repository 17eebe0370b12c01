"""Zip archives put together by hand, with whatever lies an attack asks for."""
import struct
import zlib

ALIGNMENT = 64
LOCAL, CENTRAL = "needed flags method time date crc packed size", "made needed flags method time date crc packed size"


class Entry:
    """A file in an archive: `contents` as they are stored, and fields that differ from the truth.

    `local` and `central` hold fields of one header, `both` of both: any of LOCAL or CENTRAL, `name`, `extra`, and in the
    directory `comment`, `attributes` and `offset`.
    """

    def __init__(self, name, contents, deflated=False, listed=True, local=None, central=None, both=None):
        self.name = name if isinstance(name, bytes) else name.encode()
        self.contents, self.packed = contents, deflate(contents) if deflated else contents
        self.method, self.listed = 8 if deflated else 0, listed
        self.local, self.central = {**(both or {}), **(local or {})}, {**(both or {}), **(central or {})}

    def fields(self, **others):
        return {
            "name": self.name, "extra": b"", "made": 0, "needed": 0, "flags": 0x0800, "method": self.method, "time": 0,
            "date": 0, "crc": zlib.crc32(self.contents), "packed": len(self.packed), "size": len(self.contents),
            "comment": b"", "attributes": 0} | others


def deflate(contents):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(contents) + packer.flush()


def header(signature, layout, names, fields):
    return struct.pack(layout, signature, *(fields[word] for word in names.split()))


def local_header(entry, offset):
    """The header before the contents, padded like torch's so that these are aligned."""
    fields = entry.fields(**entry.local)
    if "extra" not in entry.local:
        room = -(offset + 30 + len(fields["name"]) + 4) % ALIGNMENT
        fields["extra"] = b"FB" + struct.pack("<H", room) + b"Z" * room
    return (header(b"PK\3\4", "<4s5H3I", LOCAL, fields) + struct.pack("<HH", len(fields["name"]), len(fields["extra"]))
            + fields["name"] + fields["extra"])


def central_header(entry, offset):
    fields = entry.fields(offset=offset) | entry.central
    lengths = (len(fields[word]) for word in ("name", "extra", "comment"))
    return (header(b"PK\1\2", "<4s6H3I", CENTRAL, fields)
            + struct.pack("<5H2I", *lengths, 0, 0, fields["attributes"], fields["offset"])
            + fields["name"] + fields["extra"] + fields["comment"])


def end_record(count, size, offset, comment=b""):
    return struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, size, offset, len(comment)) + comment


def end64(count, size, offset, place):
    """The ZIP64 end record that lies at `place`, and its locator."""
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 0, 45, 0, 0, count, count, size, offset)
    return record + struct.pack("<4sIQI", b"PK\6\7", 0, place, 1)


def body(entries, start=0, between=b""):
    """Headers and contents of all entries, as they follow each other from `start`, and where each is."""
    made, offsets = b"", []
    for entry in entries:
        offsets.append(start + len(made))
        made += local_header(entry, offsets[-1]) + entry.packed + between
    return made, offsets


def directory(entries, offsets):
    return b"".join(central_header(entry, offset) for entry, offset in zip(entries, offsets) if entry.listed)


def archive(entries, prefix=b"", between=b"", comment=b"", suffix=b""):
    """A whole archive, with other bytes in it where an archive has room for them."""
    made, offsets = body(entries, len(prefix), between)
    made = prefix + made
    listed = directory(entries, offsets)
    count = sum(entry.listed for entry in entries)
    return made + listed + end_record(count, len(listed), len(made), comment) + suffix


def replaced(entries, record, **changes):
    """The same entries but for one, which is made anew with `changes`."""
    def made(entry):
        return Entry(entry.name, **({"contents": entry.contents} | changes))
    return [made(entry) if entry.name == b"archive/" + record.encode() else entry for entry in entries]
