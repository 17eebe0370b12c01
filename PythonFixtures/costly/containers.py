"""Archives and other files that lie about what is in them, or that inflate without end."""
import io
import json
import pickle
import struct
import zipfile

from parts import NUMBER, archive, call, content, name, named, number, numbers, pickled, put, storage, strided, tensor, text, zipped

MEGABYTE = bytes(1_000_000)


def inflating(record, beginning, count, ending=b"", block=MEGABYTE, **others):
    """An archive with a record that inflates to `count` blocks."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        with file.open(f"archive/{record}", "w", force_zip64=True) as stream:
            stream.write(beginning)
            for _ in range(count):
                stream.write(block)
            stream.write(ending)
        for other, value in others.items():
            file.writestr(f"archive/{other.replace('__', '/')}", value, zipfile.ZIP_STORED)
    return buffer.getvalue()


def inflating_pickle():
    """A data.pkl that is 1 GB when it is inflated: bytes."""
    return inflating("data.pkl", b"\x80\x04\x8e" + struct.pack("<Q", 1_000_000_000), 1_000, b".", version="3\n")


def inflating_objects():
    """A data.pkl of 60 million lists in 60 kB."""
    return inflating("data.pkl", b"\x80\x02](", 60, b"e.", b"]" * 1_000_000, version="3\n")


def inflating_nones():
    """A data.pkl of 500 million references to None, on the stack."""
    return inflating("data.pkl", b"\x80\x02(", 500, b"l.", b"N" * 1_000_000, version="3\n")


def inflating_marks():
    return inflating("data.pkl", b"\x80\x02", 500, b".", b"(" * 1_000_000, version="3\n")


def inflating_slots():
    """A data.pkl that fills 200,000 slots of the memo six times, all out of turn."""
    block = b"".join(put(2**32 - 1 - slot) for slot in range(200_000))
    return inflating("data.pkl", b"\x80\x02N", 6, b".", block, version="3\n")


def inflating_integer():
    """An integer of 1 GB."""
    return inflating("data.pkl", b"\x80\x02\x8b" + struct.pack("<i", 1_000_000_000), 1_000, b".", b"\x55" * 1_000_000, version="3\n")


def inflating_escapes():
    return inflating("data.pkl", b"\x80\x02V", 100, b"\n.", b"\\u0041" * 160_000, version="3\n")


def inflating_storage():
    """A tensor of 1 GB, whose record is deflated to 1 MB."""
    value = strided(storage(250_000_000), [250_000_000], [1])
    return inflating("data/0", b"", 1_000, data__pkl=b"", **{"data.pkl": pickled(named([value]))})


def inflating_shared():
    """1,000 tensors of a record of 50 MB that is deflated to 50 kB."""
    first = storage(12_500_000) + put(0)
    tensors = [strided(first if place == 0 else b"j" + struct.pack("<I", 0), [12_500_000], [1]) for place in range(1_000)]
    return inflating("data/0", b"", 50, **{"data.pkl": pickled(named(tensors))})


def inflating_storages():
    """40 tensors of 50 MB, each deflated to 50 kB."""
    tensors = [strided(storage(12_500_000, str(place)), [12_500_000], [1]) for place in range(40)]
    records = {f"data/{place}": bytes(50_000_000) for place in range(40)}
    return zipped({"data.pkl": pickled(named(tensors))} | records, records)


def inflating_elements():
    """5,000 tensors of one element each of a record of 50 MB."""
    tensors = [strided(storage(12_500_000), [1], [1])] * 5_000
    return inflating("data/0", b"", 50, **{"data.pkl": pickled(named(tensors))})


def inflating_code():
    """TorchScript whose code is 200 MB."""
    code = b"class M(Module):\n  __parameters__ = []\n" + b"  x : Tensor\n" * 15_000_000
    value = pickled(name("__torch__", "M") + b")\x81}b")
    records = {"data.pkl": value, "code/__torch__.py": code, "constants.pkl": pickled(b")"), "version": "3\n"}
    return zipped(records, ["code/__torch__.py"])


def inflating_json():
    """The JSON of a program that is 60 MB of brackets."""
    return zipped({"model.json": b'{"a":[' + b"[]," * 20_000_000 + b"[]]}", "version": "3\n"}, ["model.json"])


def inflating_numbers():
    return zipped({"model.json": b'{"a":[' + b"1," * 30_000_000 + b"1]}", "version": "3\n"}, ["model.json"])


def exported(config, **records):
    all_records = {"archive_format": "pt2", "models/model.json": "{}", "archive_version": "0", "byteorder": "little"}
    all_records |= {"data/weights/model_weights_config.json": config} | records
    return zipped(all_records, ["data/weights/model_weights_config.json"])


def inflating_config():
    """A list of the tensors of a program of 60 MB."""
    one = {"path_name": "weight_0", "is_param": True, "use_pickle": False, "tensor_meta": {
        "dtype": 7, "sizes": [{"as_int": 1}], "strides": [{"as_int": 1}], "storage_offset": {"as_int": 0},
        "requires_grad": False, "device": {"type": "cpu", "index": None}, "layout": 7}}
    entry = json.dumps(one)
    body = ",".join(f'"w{place}":{entry}' for place in range(200_000))
    return exported('{"config":{' + body + "}}", **{"data/weights/weight_0": NUMBER})


def nested_program():
    """A program whose tensors are in a program whose tensors are in a program …, 200 deep."""
    inner = archive(tensor([1], [1]))
    config = json.dumps({"config": {"w": {"path_name": "weight_0", "is_param": True, "use_pickle": True, "tensor_meta": None}}})
    for _ in range(200):
        inner = exported(config, **{"data/weights/weight_0": inner})
    return inner


def nested_old_program():
    """The same by the record of torch up to 2.7."""
    inner = archive(named([tensor([1], [1])]))
    for _ in range(1_000):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            file.writestr("version", "3\n")
            file.writestr("serialized_exported_program.json", "{}")
            file.writestr("serialized_state_dict.pt", inner)
        inner = buffer.getvalue()
    return inner


def deep_json():
    return zipped({"model.json": b"[" * 1_000_000, "version": "3\n"})


def many_entries():
    """10,000 empty entries."""
    return zipped({"data.pkl": pickled(b"N")} | {f"x/{place}": b"" for place in range(10_000)})


def long_entry_names():
    """30 names of 60 kB."""
    return zipped({"data.pkl": pickled(b"N")} | {f"{place}" + "n" * 60_000: b"" for place in range(15)})


def entry_claims():
    """An end record that says there are 65,534 entries, and a directory of four."""
    data = bytearray(archive(b"N"))
    end = data.rindex(b"PK\5\6")
    struct.pack_into("<HH", data, end + 8, 65_534, 65_534)
    return bytes(data)


def wide_entry_claims():
    """A ZIP64 end record that says there are 2^60 entries."""
    data = archive(b"N")
    end = data.rindex(b"PK\5\6")
    size, offset = struct.unpack_from("<II", data, end + 12)
    wide = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 2**60, 2**60, size, offset)
    locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    last = struct.pack("<IHHHHIIH", 0x06054B50, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    return data[:end] + wide + locator + last


def overlapping():
    """2,000 entries whose contents are one, as in a bomb that does not nest."""
    data = archive(b"N", storages={"0": bytes(100_000)})
    end, start = data.rindex(b"PK\5\6"), data.index(b"PK\1\2")
    entries = data[start:end]
    place = entries.rindex(b"PK\1\2")
    copies = b"".join(
        entries[place:].replace(b"archive/data/0", b"a%05d/data/0" % copy + b"xx") for copy in range(2_000))
    last = bytearray(data[end:])
    struct.pack_into("<HHI", last, 8, 2_004, 2_004, len(entries) + len(copies))
    return data[:end] + copies + bytes(last)


def size_claims():
    """A record that says it has 2^40 bytes in a ZIP64 field."""
    data = bytearray(archive(b"N"))
    start = data.index(b"PK\1\2")
    struct.pack_into("<II", data, start + 20, 2**31 - 1, 2**31 - 1)
    return bytes(data)


def inflation_claim():
    """A deflated record of some bytes that says it has 4 GB."""
    data = bytearray(zipped({"data.pkl": pickled(b"N")}, ["data.pkl"]))
    start = data.index(b"PK\1\2")
    struct.pack_into("<I", data, start + 24, 2**32 - 2)
    struct.pack_into("<I", data, data.index(b"PK\3\4") + 22, 2**32 - 2)
    return bytes(data)


def archives_in_archives():
    """An archive in itself, 500 times, the inner one as a record that is no pickle."""
    inner = archive(b"N")
    for _ in range(500):
        inner = archive(b"N", **{"extra/inner.zip": inner})
    return inner


MAGIC = b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."


def legacy(value, keys, rest):
    return b"\x80\x02" + MAGIC + b"\x80\x02M\xe9\x03." + b"\x80\x02}." + pickled(value) + pickle.dumps(keys, 2) + rest


def legacy_count():
    """A legacy file whose storage says it has 2^61 elements."""
    source = storage(2**61 - 1)[:-2] + b"NtQ"
    return legacy(named([strided(source, [1], [1])]), ["0"], struct.pack("<q", 2**61 - 1) + NUMBER)


def legacy_keys():
    """100,000 keys, one of which is a storage."""
    source = storage(1)[:-2] + b"NtQ"
    return legacy(named([strided(source, [1], [1])]), [str(key) for key in range(100_000)], struct.pack("<q", 1) + NUMBER)


def legacy_views():
    """100,000 parts of one storage."""
    parts = [text("storage"), name("torch", "FloatStorage"), text("0"), text("cpu"), number(1)]
    first = b"(" + b"".join(part + put(slot) for slot, part in enumerate(parts))
    views = b"".join(b"(h\0h\1h\2h\3h\4(" + text(f"v{view}") + b"K\0K\1ttQ" for view in range(30_000))
    return legacy(b"](" + first + b"NtQ" + views + b"e", ["0"], struct.pack("<q", 1) + NUMBER)


def storages_in_bytes(count):
    """Storages whose bytes are a file that has a storage whose bytes are a file …"""
    load, inner = name("torch.storage", "_load_from_bytes"), b"N"
    for _ in range(count):
        inner = legacy(call(load, content(inner)), [], b"")
    return inner


def nested_bytes():
    return pickled(storages_in_bytes_call(2_000), 3)


def storages_in_bytes_call(count):
    return call(name("torch.storage", "_load_from_bytes"), content(storages_in_bytes(count)))


def nested_archives_in_bytes():
    """Bytes of an archive whose object is a storage in bytes of an archive, 1,000 deep."""
    load, inner = name("torch.storage", "_load_from_bytes"), archive(storage(1))
    for _ in range(1_000):
        inner = archive(call(load, content(inner)), 3)
    return inner


def many_files_in_bytes():
    """5,000 storages, each in 100 bytes of its own."""
    load = name("torch.storage", "_load_from_bytes")
    inner = legacy(storage(1)[:-2] + b"NtQ", ["0"], struct.pack("<q", 1) + NUMBER)
    return pickled(b"](" + call(load, content(inner)) * 3_000 + b"e", 3)


def shared_files_in_bytes():
    """20,000 storages of one text of 500 kB, which protocol 2 has to decode."""
    load = name("torch.storage", "_load_from_bytes")
    inner = legacy(storage(100_000)[:-2] + b"NtQ", ["0"], struct.pack("<q", 100_000) + bytes(400_000))
    encoded = call(name("_codecs", "encode"), text(inner.decode("latin1")), text("latin1")) + put(0)
    return pickled(load + put(1) + b"0" + encoded + b"0](" + b"h\1h\0\x85R" * 20_000 + b"e")


def tar(members):
    blocks = b""
    for member, value, size in members:
        header = bytearray(512)
        header[:len(member)] = member.encode()
        header[100:108], header[108:116], header[116:124] = b"0000644\0", b"0000000\0", b"0000000\0"
        header[124:136] = b"%011o\0" % size if size < 8**11 else b"\x80" + size.to_bytes(11, "big")
        header[136:148], header[156:157], header[257:265] = b"00000000000\0", b"0", b"ustar\x0000"
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        blocks += bytes(header) + value + bytes(-len(value) % 512)
    return blocks + bytes(1024)


def tar_members(storages, tensors, value):
    return [
        ("sys_info", pickled(b"}"), len(pickled(b"}"))), ("pickle", value, len(value)), ("tensors", tensors, len(tensors)),
        ("storages", storages, len(storages))]


def tar_size():
    """A member that says it has 2^60 bytes."""
    return tar([("sys_info", b"", 0), ("pickle", pickled(b"N"), 2**60), ("tensors", b"", 0), ("storages", b"", 0)])


def tar_counts():
    """Tables that say they have 2^62 storages and tensors."""
    count = pickle.dumps(2**62, 2)
    return tar(tar_members(count, count, pickled(b"N")))


def tar_dimensions():
    """A tensor of 2^31 - 1 dimensions."""
    storages = pickle.dumps(1, 2) + pickle.dumps((0, "cpu", 0), 2).replace(b"K\0\x87", name("torch", "FloatStorage") + b"\x87")
    storages += struct.pack("<q", 1) + NUMBER + pickle.dumps([], 2)
    tensors = pickle.dumps(1, 2) + pickled(b"K\0K\0" + name("torch", "FloatTensor") + b"\x87") + struct.pack("<ii", 2**31 - 1, 0)
    return tar(tar_members(storages, tensors, pickled(b"N")))


def tar_elements():
    """A storage of 2^62 elements."""
    storages = pickle.dumps(1, 2) + pickled(b"K\0" + text("cpu") + name("torch", "FloatStorage") + b"\x87") + struct.pack("<q", 2**62)
    return tar(tar_members(storages, pickle.dumps(0, 2), pickled(b"N")))


def safetensors(header, size=None, data=b""):
    return struct.pack("<Q", len(header) if size is None else size) + header + data


def safetensors_header():
    """A header that says it has 2^63 - 1 bytes."""
    return safetensors(b'{"a":1}', 2**63 - 1)


def safetensors_shape():
    """A tensor whose shape overflows, and one of 2^60 elements at no bytes."""
    return safetensors(json.dumps({
        "a": {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 0]},
        "b": {"dtype": "F32", "shape": [2**60], "data_offsets": [0, 0]}}).encode())


def safetensors_dimensions():
    """A tensor of 300,000 dimensions."""
    return safetensors(json.dumps({"a": {"dtype": "U8", "shape": [1] * 300_000, "data_offsets": [0, 1]}}).encode(), data=b"\0")


def safetensors_brackets():
    return safetensors(b"[" * 900_000)


def safetensors_metadata():
    """80,000 entries of metadata."""
    return safetensors(json.dumps({"__metadata__": {f"k{place}": "v" for place in range(60_000)}}).encode())


def safetensors_many():
    """10,000 tensors of no elements."""
    return safetensors(json.dumps({
        f"t{place}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for place in range(14_000)}).encode())


ALL = [
    inflating_pickle, inflating_objects, inflating_nones, inflating_marks, inflating_slots, inflating_integer,
    inflating_escapes, inflating_storage, inflating_shared, inflating_storages, inflating_elements, inflating_code,
    inflating_json, inflating_numbers, inflating_config, nested_program, nested_old_program, deep_json, many_entries,
    long_entry_names, entry_claims, wide_entry_claims, overlapping, size_claims, inflation_claim,
    archives_in_archives, legacy_count, legacy_keys, legacy_views, nested_bytes, nested_archives_in_bytes,
    many_files_in_bytes, shared_files_in_bytes, tar_size, tar_counts, tar_dimensions, tar_elements,
    safetensors_header, safetensors_shape, safetensors_dimensions, safetensors_brackets, safetensors_metadata,
    safetensors_many]
