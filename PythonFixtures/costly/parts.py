"""What hostile pickles and archives are put together from. The standard library is enough."""
import io
import struct
import zipfile

MEGABYTE = "x" * 1_000_000
NUMBER = struct.pack("<f", 1.5)


def text(value):
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def content(value):
    """`bytes`, which protocols before 3 do not have."""
    return b"B" + struct.pack("<I", len(value)) + value


def number(value):
    if -2**31 <= value < 2**31:
        return b"J" + struct.pack("<i", value)
    return b"\x8a\x09" + value.to_bytes(9, "little", signed=True)


def put(slot):
    return b"r" + struct.pack("<I", slot)


def get(slot):
    return b"h" + bytes([slot])


def group(*items):
    return b"(" + b"".join(items) + b"t"


def numbers(values):
    return group(*map(number, values))


def name(module, word):
    return f"c{module}\n{word}\n".encode()


def call(function, *arguments):
    return function + group(*arguments) + b"R"


def listed(items):
    return b"](" + b"".join(items) + b"e"


def mapped(entries):
    return b"}(" + b"".join(key + value for key, value in entries) + b"u"


def named(values):
    """A dictionary of values under the names t0, t1, …"""
    return mapped((text(f"t{place}"), value) for place, value in enumerate(values))


HOOKS = call(name("collections", "OrderedDict"))


def storage(count, key="0", location="cpu", kind="FloatStorage"):
    """A reference to a storage of so many elements."""
    return group(text("storage"), name("torch", kind), text(key), text(location), number(count)) + b"Q"


def strided(source, shape, strides):
    return call(
        name("torch._utils", "_rebuild_tensor_v2"), source, number(0), numbers(shape), numbers(strides), b"\x89",
        HOOKS)


def tensor(shape, strides):
    """A call that makes a tensor of the four bytes of storage 0."""
    return strided(storage(1), shape, strides)


def pickled(body, protocol=2):
    return b"\x80" + bytes([protocol]) + body + b"."


def bare(body, protocol=2):
    """A pickle without an archive."""
    return pickled(body, protocol)


def zipped(records, deflated=()):
    """An archive of records, of which those named are deflated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for record, value in records.items():
            method = zipfile.ZIP_DEFLATED if record in deflated else zipfile.ZIP_STORED
            file.writestr(f"archive/{record}", value, method, 9)
    return buffer.getvalue()


def archive(body, protocol=2, storages=None, deflated=(), **others):
    """A checkpoint of an object and its storages by key, one of four bytes unless others are named."""
    records = {"data.pkl": pickled(body, protocol), "byteorder": "little", "version": "3\n"}
    records |= {f"data/{key}": value for key, value in (storages or {"0": NUMBER}).items()}
    return zipped(records | others, deflated)
