"""Writes files of the kinds of issue 6 that a program would not: see HostileKindTests.swift.

    python hostile_kinds.py FOLDER
"""

import io
import json
import os
import pickle
import struct
import sys
import zipfile

import torch


def name(module, word):
    return b"c%s\n%s\n" % (module.encode(), word.encode())


def text(word):
    return b"X" + struct.pack("<I", len(word)) + word.encode()


def data(content):
    return b"B" + struct.pack("<I", len(content)) + content


def number(value):
    return pickle.dumps(value, 2)[2:-1]


def group(*items):
    return b"(" + b"".join(items) + b"t"


def numbers(values):
    return group(*map(number, values))


def call(function, *arguments):
    return function + group(*arguments) + b"R"


def storage(key, count, kind="FloatStorage"):
    return group(text("storage"), name("torch", kind), text(key), text("cpu"), number(count)) + b"Q"


HOOKS = call(name("collections", "OrderedDict"))


def strided(source, shape, strides):
    return call(
        name("torch._utils", "_rebuild_tensor_v2"), source, number(0), numbers(shape),
        numbers(strides), b"\x89", HOOKS)


def sparse(layout, *parts, shape):
    layout = call(name("torch.serialization", "_get_layout"), text("torch." + layout))
    size = call(name("torch", "Size"), numbers(shape))
    return call(name("torch._utils", "_rebuild_sparse_tensor"), layout, group(*parts, size))


def quantized(shape):
    affine = group(name("torch", "per_tensor_affine"), b"G" + struct.pack(">d", 1.0), number(0))
    return call(
        name("torch._utils", "_rebuild_qtensor"), storage("0", 1, "QInt8Storage"), number(0),
        numbers(shape), numbers([0] * len(shape)), affine, b"\x89", HOOKS)


def array(shape, code, is_fortran, content):
    dtype = call(name("numpy", "dtype"), text(code), b"\x89", b"\x88")
    state = group(number(3), text("<"), b"N", b"N", b"N", number(-1), number(-1), number(0))
    return (
        call(name("numpy.core.multiarray", "_reconstruct"), name("numpy", "ndarray"),
             numbers([0]), data(b"b"))
        + group(number(1), numbers(shape), dtype + state + b"b", is_fortran, content) + b"b")


def dictionary(values):
    return b"}(" + b"".join(text(key) + value for key, value in values.items()) + b"u"


EVIL = call(name("posix", "system"), text("true")) + b"0"
LONGS = struct.Struct("<q").pack


class Writer:
    def __init__(self, folder):
        self.folder = folder

    def archive(self, file, records):
        with zipfile.ZipFile(os.path.join(self.folder, file), "w") as archive:
            for record, content in records.items():
                archive.writestr(record, content)

    def pickled(self, file, content, storages={}, **others):
        records = {"a/data.pkl": b"\x80\x02" + content + b"."}
        records |= {f"a/data/{key}": value for key, value in storages.items()}
        records |= {f"a/{key.replace('__', '.')}": value for key, value in others.items()}
        self.archive(file, records)

    def bytes(self, file, content):
        with open(os.path.join(self.folder, file), "wb") as stream:
            stream.write(content)


def legacy(first):
    magic = b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
    return (
        b"\x80\x02" + first + magic + b"\x80\x02M\xe9\x03." + b"\x80\x02}." + b"\x80\x02}."
        + b"\x80\x02].")


def tensors(writer):
    flat = strided(storage("0", 1), [1], [1])
    index = storage("1", 1, "LongStorage")
    storages = {"0": bytes(4), "1": LONGS(0)}
    writer.pickled(
        "empty_blocks.pth",
        dictionary({"t": sparse(
            "sparse_bsc", strided(storage("1", 5, "LongStorage"), [5], [1]),
            strided(storage("2", 1, "LongStorage"), [1], [1]),
            strided(storage("0", 1), [1, 2, 1, 0], [1, 1, 1, 1]), shape=[2**62, 4, 0])}),
        {"0": bytes(4), "1": b"".join(map(LONGS, [0, 0, 0, 0, 1])), "2": LONGS(2**61 - 1)})
    writer.pickled(
        "many_indices.pth",
        dictionary({"t": sparse(
            "sparse_coo", strided(index, [1, 2**23], [0, 0]),
            strided(storage("0", 1), [2**23], [0]), shape=[4])}), storages)
    writer.pickled(
        "many_components.pth",
        dictionary({"t": call(
            name("torch._utils", "_rebuild_nested_tensor"), flat,
            strided(index, [2**20, 2], [0, 0]), strided(index, [2**20, 2], [0, 0]),
            strided(index, [2**20], [0]))}), storages)
    one = sparse(
        "sparse_coo", strided(index, [2, 1], [0, 1]), flat, shape=[2**13, 2**14])
    writer.pickled(
        "many_dense.pth", dictionary({f"t{place}": one for place in range(4)}), storages)
    writer.pickled(
        "many_quantized.pth",
        dictionary({f"t{place}": quantized([2**13, 2**14]) for place in range(4)}), {"0": b"\1"})
    writer.pickled("fortran.pth", dictionary({"t": array([0, 2**60], "f8", b"\x88", data(b""))}))
    content = b"r" + struct.pack("<I", 9)
    shared = b"j" + struct.pack("<I", 9)
    moved = [
        call(name("torch._utils", "_rebuild_device_tensor_from_numpy"),
             array([2], "f4", b"\x89", bytes_), name("torch", "float32"), text("cpu"), b"\x89")
        for bytes_ in [data(struct.pack("<2f", 1, 2)) + content, shared]]
    writer.pickled("shared_array.pth", dictionary({"a": moved[0], "b": moved[1]}))


def policies(writer):
    writer.bytes("magic.pth", legacy(EVIL))
    writer.bytes("plain.pth", legacy(b""))
    model = json.dumps({"protoVersion": "2", "mainModule": {"name": "M"}}).encode()
    writer.archive("attributes.pt", {
        "a/model.json": model, "a/attributes.pkl": b"\x80\x02" + EVIL + b")."})
    writer.pickled("constants.pth", b"}", constants__pkl=b"\x80\x02" + EVIL + b").")


class Evil:
    def __reduce__(self):
        return os.system, ("true",)


def saved(value):
    stream = io.BytesIO()
    torch.save(value, stream)
    return stream.getvalue()


def programs(writer):
    stream = io.BytesIO()
    torch.export.save(torch.export.export(torch.nn.Linear(2, 2), (torch.zeros(1, 2),)), stream)
    with zipfile.ZipFile(stream) as archive:
        records = {record: archive.read(record) for record in archive.namelist()}
    root = next(iter(records)).split("/")[0]
    writer.archive("program.pt2", records)
    inputs = next(record for record in records if "/sample_inputs/" in record)
    writer.archive("inputs.pt2", records | {inputs: saved({"a": Evil()})})
    writer.archive("opaque.pt2", records | {
        f"{root}/data/constants/opaque_obj_0": pickle.dumps(Evil())})
    list_name = f"{root}/data/weights/model_weights_config.json"
    first = next(iter(json.loads(records[list_name])["config"].values()))
    pickled = first | {"use_pickle": True, "path_name": "weight_9"}
    other = first | {"path_name": "other_0"}
    config = {f"w{place}": pickled for place in range(3)} | {f"o{place}": other for place in range(3)}
    writer.archive("repeated.pt2", records | {
        list_name: json.dumps({"config": config}).encode(),
        f"{root}/data/weights/weight_9": saved(torch.ones(2)),
        f"{root}/data/weights/other_0": b"abc"})


def embedded(writer):
    stream = io.BytesIO()
    torch.save(torch.ones(3)._typed_storage(), stream, _use_new_zipfile_serialization=False)
    load = name("torch.storage", "_load_from_bytes")
    memo = b"r" + struct.pack("<I", 9), b"j" + struct.pack("<I", 9)
    values = {
        "a": call(load, data(stream.getvalue()) + memo[0]), "b": call(load, memo[1])}
    writer.bytes("embedded.pkl", b"\x80\x03" + dictionary(values) + b".")


def main():
    writer = Writer(sys.argv[1])
    tensors(writer)
    policies(writer)
    programs(writer)
    embedded(writer)


if __name__ == "__main__":
    main()
