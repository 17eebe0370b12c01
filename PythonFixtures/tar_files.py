"""The tar of torch 0.1, made by hand: no torch of today can write it."""
import io
import pickle
import struct
import tarfile


class Numbered:
    """What the tar's tables have under a number."""

    def __init__(self, number):
        self.number = number


class TarPickler(pickle._Pickler):
    def persistent_id(self, value):
        return str(value.number) if isinstance(value, Numbered) else None


def tar(value, storages, views, tensors, little=True):
    """Storages are (key, location, class, count, bytes), views (key, root, offset, count), tensors (key, storage, class,
    shape, strides, offset)."""
    table = pickle.dumps(len(storages), 2)
    for key, location, kind, count, content in storages:
        table += pickle.dumps((key, location, kind), 2) + struct.pack("<q", count) + content
    table += pickle.dumps(views, 2)
    rows = pickle.dumps(len(tensors), 2)
    for key, storage, kind, shape, strides, offset in tensors:
        rows += pickle.dumps((key, storage, kind), 2) + struct.pack(f"<ii{len(shape) + len(strides)}qq", len(shape), 0, *shape, *strides, offset)
    buffer = io.BytesIO()
    TarPickler(buffer, 2).dump(value)
    info = {"protocol_version": 1000, "little_endian": little, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    return archive([("sys_info", pickle.dumps(info, 2)), ("pickle", buffer.getvalue()), ("tensors", rows), ("storages", table)])


def archive(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:", format=tarfile.USTAR_FORMAT) as made:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
