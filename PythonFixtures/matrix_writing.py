"""What a writer has to reproduce and the other matrices do not show: batches of each size, aliases and cycles of every
kind, storages that many dictionaries share, and the odd container."""
import collections
import contextlib
import copy

import torch

import matrix_containers
import matrix_training
from fixture_classes import Plain, ReducedWithTensor
from saving import location_tags, saved_bytes


def batches():
    """The sizes that `values_batches.pth` and `values_containers.pth` leave out."""
    ordered = lambda count: collections.OrderedDict((i, None) for i in range(count))
    return {"lists": {n: list(range(n)) for n in (2, 2001)}, "dicts": {2001: {i: None for i in range(2001)}},
            "ordered": {n: ordered(n) for n in (999, 2000, 2001)}, "counter": collections.Counter({i: 0 for i in range(1001)}),
            "tuples": {n: (0,) * n for n in (1000, 2001)}, "set": set(range(1001))}


def batch_roots(count):
    return lambda: [None] * count


def memo_slots():
    """A state dict whose memo passes 256 slots, with references to slots on both sides."""
    state = collections.OrderedDict((f"layer.{i}.weight", torch.full((2,), float(i))) for i in range(60))
    state._metadata = collections.OrderedDict((f"layer.{i}", {"version": 1}) for i in range(60))
    names = list(state)
    return {"state": state, "again": state, "first": state[names[0]], "last": state[names[-1]], "names": names, "nested": [[state]]}


def aliases():
    """The same object at several places, for the kinds that `values_aliases.pth` and `view_aliases_in_lists.pth` lack."""
    state, parameter = matrix_training.net().state_dict(), torch.nn.Parameter(torch.ones(2))
    pair, data, size, text = (torch.zeros(1), [1]), bytes([1, 2, 255]), torch.Size([2, 3]), "".join(["cp", "u"])
    storage = torch.arange(4, dtype=torch.uint8).storage()
    return {"model": state, "ema": state, "parameter": [parameter, parameter], "pair": [pair, (pair, pair)], "bytes": [data, data],
            "size": [size, size], "dtypes": [torch.float32, torch.float32], "text": {text: text, "device": text}, "set": [s := {1, 2}, s],
            "storage": [storage, storage], "complex": [c := complex(1, 2), c], "big": [b := 2 ** 70, b], "deep": {"a": {"model": state}}}


def cycles():
    """Cycles that the restricted reader takes too."""
    root, ordered, attributed = {"list": []}, collections.OrderedDict(), collections.OrderedDict(a=1)
    root["root"], ordered["self"], attributed._metadata = root, ordered, attributed
    root["list"] += [root, root["list"]]
    first, second = {"name": "first"}, ["second"]
    first["second"] = second
    second.append(first)
    root.update(ordered=ordered, attributed=attributed, first=first, tensors={"w": torch.ones(1), "root": root})
    return root


def tuple_cycles():
    """Cycles through tuples of each size: the pickler takes what it wrote off the stack again."""
    found = {}
    for size in (1, 2, 3, 4, 5):
        inside = []
        value = (inside,) + tuple(range(size - 1))
        inside.append(value)
        found[f"tuple_{size}"] = value
        mapping = {}
        mapping["self"] = found[f"dict_{size}"] = tuple(range(size - 1)) + (mapping,)
    return found


def list_root_cycle():
    """The root inside itself."""
    root = [1, torch.ones(1)]
    root.append(root)
    return root


def tuple_root_cycle():
    root = ([], 2, {})
    root[0].append(root)
    root[2]["root"] = root
    return root


def reduced_cycles():
    """Objects inside their own constructor arguments and their own state."""
    inside, shared = [], Plain(name="shared")
    inside.append(ReducedWithTensor(inside, "cycle"))
    shared.own, shared.pair = shared, (shared, [shared])
    default = collections.defaultdict(list)
    default["self"].append(default)
    return {"arguments": inside, "object": inside[0], "state": shared, "default": default}


def shared_storages():
    """Model, moving average and optimizer over each other's storages, as flat buffers and tied weights make them."""
    flat = torch.arange(40, dtype=torch.float32)
    model = collections.OrderedDict([("body.weight", flat[:12].view(3, 4)), ("body.bias", flat[12:16]), ("head.weight", flat[:12].view(3, 4)),
                                     ("own", torch.tensor([1.5]))])
    ema = collections.OrderedDict((name, tensor if name == "own" else tensor.clone()) for name, tensor in model.items())
    ema["body.bias"] = flat[12:16]
    moments = torch.zeros(32)
    state = {i: {"step": torch.tensor(3.0), "exp_avg": moments[16 * i:16 * i + 12].view(3, 4), "exp_avg_sq": moments[16 * i:][:12].view(4, 3).t()}
             for i in range(2)}
    return {"model": model, "ema": ema, "optimizer": {"state": state, "param_groups": [{"lr": 0.1, "params": [0, 1]}]}, "flat": flat,
            "buckets": [flat[i:i + 10] for i in range(0, 40, 10)]}


def gaps():
    """Views of buffers of which much is used by nobody, apart and overlapping, with offset and stride."""
    buffer, other, words = torch.arange(1000, dtype=torch.float32), torch.arange(400, dtype=torch.int16), torch.arange(64, dtype=torch.float64)
    return {"low": buffer[100:110], "matrix": buffer[500:524].view(4, 6), "overlapping": buffer[515:530], "stepped": buffer[700:800:10],
            "transposed": buffer[900:912].view(3, 4).t(), "expanded": buffer[50:51].expand(3, 2), "nothing": buffer[990:990],
            "alone": other[200:203], "whole": torch.ones(3), "words": words[8:16], "tied": words[8:16], "corner": words.view(8, 8)[3:5, 3:5]}


def sizes():
    """Storages around the alignment, so that there are records with and without padding, and empty ones."""
    return {f"bytes_{n}": torch.arange(n, dtype=torch.int32).to(torch.uint8) for n in (0, 1, 2, 63, 64, 65, 127, 128, 4095, 4096, 4097, 0)}


def descriptor_like():
    """Storages that begin as a zip data descriptor does; torch's container writer looks at what it writes."""
    signature = [0x50, 0x4B, 7, 8]
    content = {"alone": signature, "short": signature + [1, 2, 3], "eight": signature + [1, 2, 3, 4], "long": signature + list(range(60)),
               "later": [0] + signature + [9] * 8}
    return {name: torch.tensor(values, dtype=torch.uint8) for name, values in content.items()}


def digit_names():
    """Names that look like the keys of storages and like what torch itself writes."""
    names = ["0", "1", "2", "10", "cpu", "storage", "version", "a", "", "weight"]
    return {name: torch.full((1,), float(i)) for i, name in enumerate(names)} | {"texts": names + [str(i) for i in range(3)]}


def modules():
    """A whole model beside its state dict and a copy of it: objects whose dictionaries share tensors with others."""
    model = matrix_training.net()
    return {"model": model, "state": model.state_dict(), "copy": copy.deepcopy(model.head), "parts": [model.conv, model.norm.running_mean]}


def data_parallel_training():
    """What a distributed run saves: prefixed names, devices, and an optimizer that refers to parameters by number."""
    model, optimizer = matrix_training.trained(torch.optim.AdamW, lr=0.25)
    state = torch.nn.DataParallel(model).state_dict()
    return {"model": state, "ema": copy.deepcopy(state), "optimizer": optimizer.state_dict(), "iteration": 2 ** 40, "best": float("-inf"),
            "rng": [torch.arange(16, dtype=torch.uint8)]}


PLAIN = {"memo_slots": memo_slots, "aliases": aliases, "shared_storages": shared_storages, "gaps": gaps, "sizes": sizes,
         "descriptor_like": descriptor_like, "digit_names": digit_names}
COMPLETE = {"batches": batches, "cycles": cycles, "tuple_cycles": tuple_cycles, "list_root_cycle": list_root_cycle,
            "tuple_root_cycle": tuple_root_cycle, "reduced_cycles": reduced_cycles, "modules": modules}
COMPLETE.update({f"list_of_{n}": batch_roots(n) for n in (1, 1000, 2000)})
NAMES = ("writing_名前.pth", "writing.several.dots.in.pth.tar", "writing_no_extension", "writing with spaces.pth",
         "writing_" + "long_" * 30 + "name.pth")


def write(folder, complete):
    for name, make in {**PLAIN, **(COMPLETE if complete else {})}.items():
        folder.save(f"writing_{name}.pth", make)
    for name in NAMES:
        folder.save(name, matrix_containers.small)
    with location_tags(lambda n: f"cuda:{0}"):
        folder.save("writing_cuda_training.pth", data_parallel_training)
        folder.save("writing_cuda_shared.pth", shared_storages)
    if complete:
        write_options(folder)


def write_options(folder):
    """Other alignments, with and without checksums, in files and file objects."""
    for alignment in (1, 16, 256, 4096):
        with options(alignment=alignment):
            folder.save(f"writing_alignment_{alignment}.pth", sizes)
    with options(checksums=False):
        folder.save("writing_checksums_off.pth", shared_storages)
    with options(alignment=4096, checksums=False):
        name = "writing_file_object_4096.pth"
        folder.attempt(name, lambda: folder.write(name, saved_bytes(gaps())))


@contextlib.contextmanager
def options(alignment=64, checksums=True):
    """torch's options for saving, put back afterwards."""
    from torch.utils.serialization import config
    previous = config.save.storage_alignment, torch.serialization.get_crc32_options()
    config.save.storage_alignment = alignment
    torch.serialization.set_crc32_options(checksums)
    try:
        yield
    finally:
        config.save.storage_alignment = previous[0]
        torch.serialization.set_crc32_options(previous[1])
