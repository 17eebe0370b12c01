"""More of the formats before torch 1.6: legacy files of other pickle protocols, and the tar of torch 0.1."""
import struct

import torch

from matrix_containers import small
from saving import stable_legacy_keys
from tar_files import Numbered, tar


def write_legacy_protocols(folder):
    for protocol in (1, 3, 4, 5):
        with stable_legacy_keys():
            folder.save(f"legacy_protocol_{protocol}.pth", small, pickle_protocol=protocol, _use_new_zipfile_serialization=False)


KINDS = {"Double": "d", "Float": "f", "Half": "e", "Long": "q", "Int": "i", "Short": "h", "Char": "b", "Byte": "B"}


def dtypes():
    storages, tensors, value = [], [], {}
    for number, (kind, code) in enumerate(KINDS.items()):
        content = struct.pack(f"<4{code}", 0, 1, 2, 127)
        storages.append((number, "cpu", getattr(torch, f"{kind}Storage"), 4, content))
        tensors.append((100 + number, number, getattr(torch, f"{kind}Tensor"), (2, 2), (2, 1), 0))
        value[kind] = Numbered(100 + number)
    return tar(value, storages, [], tensors)


def sharing():
    """Tensors over one storage and over parts of it, one tensor twice, and one that has no elements."""
    storages = [(7, "cpu", torch.FloatStorage, 8, struct.pack("<8f", *range(8))), (8, "cpu", torch.LongStorage, 0, b"")]
    views = [(9, 7, 2, 4), (10, 7, 6, 2)]
    rows = [(1, 7, (2, 4), (4, 1), 0), (2, 7, (4,), (2,), 1), (3, 9, (2, 2), (2, 1), 0), (4, 10, (1,), (1,), 1), (5, 8, (0,), (1,), 0)]
    tensors = [(key, storage, torch.LongTensor if storage == 8 else torch.FloatTensor, *rest) for key, storage, *rest in rows]
    value = {"whole": Numbered(1), "again": Numbered(1), "odd": Numbered(2), "list": [Numbered(3), (Numbered(4),)], "empty": Numbered(5)}
    return tar(value, storages, views, tensors)


def cuda():
    storages = [(1, "cuda:0", torch.FloatStorage, 2, struct.pack("<2f", 1.5, -2)), (2, "cuda:1", torch.ByteStorage, 1, b"\7")]
    tensors = [(3, 1, torch.FloatTensor, (2,), (1,), 0), (4, 2, torch.ByteTensor, (1,), (1,), 0)]
    return tar({"first": Numbered(3), "second": Numbered(4)}, storages, [], tensors)


def storages_alone():
    """Storages without a tensor, and values of Python beside them."""
    return tar({"storage": Numbered(1), "epoch": 3, "names": ["a", ("b", None)]},
               [(1, "cpu", torch.IntStorage, 2, struct.pack("<2i", 5, -6))], [], [])


TARS = {"dtypes": dtypes, "sharing": sharing, "cuda": cuda, "storages": storages_alone,
        "no_tensors": lambda: tar({"epoch": 3}, [], [], []), "big_endian_header": lambda: tar({"epoch": 3}, [], [], [], False)}


def write_tars(folder):
    for name, make in TARS.items():
        folder.write(f"tar_{name}.pth", make())
