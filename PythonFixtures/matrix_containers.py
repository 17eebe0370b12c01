"""One small checkpoint in every container that torch writes or reads."""
import collections
import contextlib
import io
import linecache
import struct
import zipfile

import torch

import matrix_training
import matrix_views
from saving import location_tags, records, saved_bytes, stable_legacy_keys, torch_zipped, zipped
from tar_files import Numbered, tar


def small():
    state = collections.OrderedDict(weight=matrix_views.grid(), bias=torch.tensor([1.5, -2.0]), steps=torch.tensor(7))
    return {"state": state, "epoch": 3, "halves": torch.tensor([0.5, 2.0], dtype=torch.float16)}


LEGACY = {
    "small": small,
    "views": matrix_views.several_views,
    "many_storages": matrix_views.many_storages,
    "checkpoint": matrix_training.MAKERS["checkpoint_sgd"],
    "module": matrix_training.MAKERS["whole_sequential"],
    "no_tensors": lambda: {"epoch": 1, "list": [1, 2]},
    "complex": lambda: {"c": torch.tensor([1 + 2j]), "b": torch.tensor([True, False]), "e": torch.empty(0)},
    "uint16": lambda: {"u": torch.tensor([1, 65535]).to(torch.uint16)},
    "cuda": lambda: {"w": matrix_views.grid(), "n": torch.tensor(3)},
}


def write_legacy(folder):
    """The format before 1.6. Its numbering of storages starts again with each file."""
    for name, make in LEGACY.items():
        tag = location_tags(lambda n: f"cuda:{0}") if name == "cuda" else contextlib.nullcontext()
        with stable_legacy_keys(), tag:
            folder.save(f"legacy_{name}.pth", make, _use_new_zipfile_serialization=False)


def write_file_object(folder):
    folder.attempt("container_file_object.pth", lambda: folder.write("container_file_object.pth", saved_bytes(small())))


def write(folder):
    """Containers of today's torch and what other tools make of them."""
    folder.save("container_path.pth", small)
    folder.save("container.with.dots.pth.tar", small)
    folder.save("container_protocol_4.pth", small, pickle_protocol=4)
    write_file_object(folder)
    write_legacy(folder)
    write_torchscript(folder)
    folder.attempt("container_export.pt2", lambda: write_export(folder))
    folder.attempt("container_crc_off.pth", lambda: write_crc_off(folder))
    folder.attempt("container_alignment_4096.pth", lambda: write_alignment(folder))
    folder.attempt("container_tar.pth", lambda: folder.write("container_tar.pth", tar_bytes()))
    write_rewritten(folder, records(saved_bytes(small())))
    write_big_endian(folder)


def write_crc_off(folder):
    previous = torch.serialization.get_crc32_options()
    torch.serialization.set_crc32_options(False)
    try:
        torch.save(small(), folder.path("container_crc_off.pth"))
    finally:
        torch.serialization.set_crc32_options(previous)


def write_alignment(folder):
    from torch.utils.serialization import config
    previous = config.save.storage_alignment
    config.save.storage_alignment = 4096
    try:
        torch.save(small(), folder.path("container_alignment_4096.pth"))
    finally:
        config.save.storage_alignment = previous


def write_rewritten(folder, entries):
    """The same records repacked by another zip tool, one difference per file."""
    renamed = [(name.replace("archive/", "some root é/", 1), content) for name, content in entries]
    without = lambda record: [(name, content) for name, content in entries if name != "archive/" + record]
    folder.write("container_deflated.pth", zipped(entries, zipfile.ZIP_DEFLATED))
    folder.write("container_unaligned.pth", zipped(entries))
    folder.write("container_other_root.pth", zipped(renamed))
    folder.write("container_reordered.pth", zipped(entries[::-1]))
    folder.write("container_directory_entry.pth", zipped([("archive/", b""), ("archive/data/", b"")] + entries))
    folder.write("container_no_byteorder.pth", zipped(without("byteorder")))
    folder.write("container_no_version.pth", zipped(without("version")))
    folder.write("container_no_root.pth", zipped([(name.split("/", 1)[1], content) for name, content in entries]))
    folder.write("container_two_level_root.pth", zipped([("outer/" + name, content) for name, content in entries]))
    folder.write("container_version_10.pth", zipped(without("version") + [("archive/version", b"10\n")]))
    folder.write("container_version_11.pth", zipped(without("version") + [("archive/version", b"11\n")]))
    folder.write("container_minimal.pth", zipped([e for e in entries if e[0].endswith(("data.pkl", "/version")) or "/data/" in e[0]]))
    folder.write("container_capital_data_pkl.pth", zipped([(name.replace("data.pkl", "DATA.PKL"), content) for name, content in entries]))
    folder.write("container_unused_records.pth", zipped(entries + [("archive/data/99", b"abcd"), ("archive/extra/notes.txt", b"hello")]))
    folder.write("container_outside_root.pth", zipped(entries + [("elsewhere.txt", b"hello")]))
    folder.write("container_trailing_bytes.pth", saved_bytes(small()) + b"\0" * 100 + b"trailing")
    folder.write("container_leading_bytes.pth", b"#!/bin/sh\n" + saved_bytes(small()))
    folder.write("container_comment.pth", commented(zipped(entries)))
    folder.write("container_long_record.pth", zipped([(n, c + b"\0" * 64 if n == "archive/data/0" else c) for n, c in entries]))
    folder.write("container_short_record.pth", zipped([(n, c[:-4] if n == "archive/data/0" else c) for n, c in entries]))
    folder.write("container_wrong_crc.pth", wrong_crc(zipped(entries), "archive/data/0"))
    folder.write("container_missing_record.pth", zipped(without("data/1")))


def commented(data):
    comment = b"a comment after the end record"
    return data[:-2] + struct.pack("<H", len(comment)) + comment


def wrong_crc(data, name):
    """Flip the checksum of one entry in both of its headers."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(name)
    wrong = data.replace(struct.pack("<I", info.CRC), struct.pack("<I", info.CRC ^ 0xFFFFFFFF))
    return wrong


def swapped(content, size):
    return b"".join(content[i:i + size][::-1] for i in range(0, len(content), size))


def write_big_endian(folder):
    """What a big-endian machine would have written: byteorder "big" and swapped storages. torch swaps back by the
    storage's dtype; storages of the dtypes that are saved untyped (uint16 here) have none, and are not swapped."""
    tensors = {"f32": matrix_views.grid(), "f64": torch.tensor([1.5, -2.0], dtype=torch.float64), "i16": torch.tensor([1, 256], dtype=torch.int16),
               "i64": torch.tensor([1, -2]), "u8": torch.arange(4, dtype=torch.uint8), "bool": torch.tensor([True, False]),
               "c64": torch.tensor([1 + 2j, -0.5j]), "bf16": torch.tensor([1.0, 3.0], dtype=torch.bfloat16)}
    sizes = [4, 8, 2, 8, 1, 1, 4, 2]
    folder.write("container_big_endian.pth", big_endian(tensors, sizes))
    untyped = {"u16": torch.tensor([1, 2]).to(torch.uint16), "f8": torch.tensor([1.0, 2.0]).to(torch.float8_e5m2)}
    folder.write("container_big_endian_untyped.pth", big_endian(untyped, [2, 1]))


def big_endian(tensors, sizes):
    entries = []
    for name, content in records(saved_bytes(tensors)):
        if "/data/" in name and "/.data/" not in name:
            content = swapped(content, sizes[int(name.rsplit("/", 1)[1])])
        entries.append((name, b"big" if name.endswith("byteorder") else content))
    return torch_zipped(entries)


def tar_bytes():
    """Two tensors share a storage, and a third looks at a view of it (a storage inside a storage)."""
    rows = [(10, 1, (2, 3), (3, 1), 0), (11, 1, (3,), (2,), 1), (12, 2, (3,), (1,), 0)]
    return tar({"matrix": Numbered(10), "odd": Numbered(11), "view": Numbered(12), "epoch": 1},
               [(1, "cpu", torch.FloatStorage, 6, struct.pack("<6f", *range(6)))], [(2, 1, 2, 3)],
               [(key, storage, torch.FloatTensor, *rest) for key, storage, *rest in rows])


SCRIPT = '''
import torch

class Scripted(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.arange(6.0).reshape(2, 3))
        self.register_buffer("count", torch.tensor([1, 2, 3]))
        self.scale = 2.5

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.weight * self.scale
'''


def scripted():
    """The class comes from a named string, so that the archive's debug records carry no path of this machine."""
    name = "scripted.py"
    linecache.cache[name] = (len(SCRIPT), None, SCRIPT.splitlines(True), name)
    scope = {"__name__": "scripted"}
    exec(compile(SCRIPT, name, "exec"), scope)
    return scope["Scripted"]()


def write_torchscript(folder):
    def body():
        torch.manual_seed(0)
        torch.jit.save(torch.jit.script(scripted()), folder.path("torchscript_small.pt"))
    folder.attempt("torchscript_small.pt", body)


def write_export(folder):
    program = torch.export.export(scripted(), (torch.ones(2, 3),))
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)
    torch.export.save(program, folder.path("container_export.pt2"))
