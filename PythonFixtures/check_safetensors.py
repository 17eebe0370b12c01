#!/usr/bin/env python3
"""Hold safetensors files to the checkpoints that they were made from, with torch and the safetensors package.

    check_safetensors.py CHECKPOINT SAFETENSORS [--key KEY ...] [--keep-first]
    check_safetensors.py --batch LIST.json

Nested state dicts are flattened with dotted names; --key (repeatable, one per level) goes down to a part of the
checkpoint first. Exit status 0 only if both hold the same names with tensors of equal dtype, shape and bits. With
--keep-first a name may be missing if the metadata has another one that stands for it, as save_model writes it.

LIST.json is a list of objects with `checkpoint`, `safetensors` and perhaps `keys`. Instead of `safetensors` there may
be `refused`, the reason why there is no file, which is held to the checkpoint too: `tensor` (there is no tensor to
write), `dtype` (safetensors can't hold the dtype of one of them) or `name` (two would have one name).
"""
import argparse
import json
import os
import sys
import warnings
from collections import Counter, OrderedDict, defaultdict

import torch
from safetensors import safe_open
from safetensors.torch import _TYPES, load_file

# The containers that a conversion follows; other classes, derived ones too, are objects.
CONTAINERS = {dict, OrderedDict, defaultdict, Counter, list, tuple, set, frozenset}


def flatten(value, prefix="", above=()):
    """(dotted name, tensor) of every tensor below nested containers, but not again inside the same container."""
    if isinstance(value, torch.nn.Module):
        value = value.state_dict()
    if isinstance(value, torch.Tensor):
        yield prefix, value
    elif type(value) in CONTAINERS and id(value) not in above:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in pairs:
            yield from flatten(child, f"{prefix}.{key}" if prefix else str(key), (*above, id(value)))


def descend(value, keys):
    for key in keys:
        value = value[int(key)] if isinstance(value, (list, tuple)) else value[key if key in value else int(key)]
    return value


def bits(tensor):
    """The row-major bytes of a tensor, of any dtype; a lazily conjugated or negated one as it reads."""
    tensor = tensor.detach().resolve_conj().resolve_neg().contiguous().clone()
    return torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage()).numpy().tobytes()


def difference(wanted, found):
    """What differs between two tensors, or None."""
    if wanted.dtype != found.dtype:
        return f"dtype {found.dtype}, expected {wanted.dtype}"
    if wanted.shape != found.shape:
        return f"shape {list(found.shape)}, expected {list(wanted.shape)}"
    return None if bits(wanted) == bits(found) else "elements differ"


def differences(wanted, found):
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield f"{name}: missing"
        elif name not in wanted:
            yield f"{name}: not in the checkpoint"
        elif problem := difference(wanted[name], found[name]):
            yield f"{name}: {problem}"


def tensors_of(checkpoint, keys):
    """The tensors of a checkpoint as (name, tensor); a tensor that is the start has no keys to be named by."""
    value = descend(torch.load(checkpoint, map_location="cpu", weights_only=False), keys)
    if isinstance(value, torch.Tensor):
        return [(keys[-1] if keys else "tensor", tensor) for _, tensor in flatten(value)]
    return list(flatten(value))


def can_hold(tensor):
    """Whether safetensors has the kind and dtype of a tensor. It counts single 4-bit numbers, so a scalar pair has no shape."""
    if isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin):
        return False
    if tensor.dtype == torch.float4_e2m1fn_x2 and tensor.dim() == 0:
        return False
    plain = tensor.layout == torch.strided and not (tensor.is_quantized or tensor.is_nested or tensor.is_meta)
    return plain and has_storage(tensor) and tensor.dtype in _TYPES.values()


def has_storage(tensor):
    """Whether there are elements: subclasses that only wrap other tensors have none of their own."""
    return type(tensor).__torch_dispatch__ is torch.Tensor.__torch_dispatch__


def refusal_problem(reason, pairs):
    """Why a conversion should not have been refused, or None."""
    holds = {
        "tensor": not pairs,
        "dtype": not all(can_hold(tensor) for _, tensor in pairs),
        "name": len(dict(pairs)) < len(pairs),
    }
    return None if holds[reason] else f"refused for its {reason}, without reason"


def load_kept(path):
    """The tensors of a file, and those that the metadata says another one stands for."""
    found = load_file(path)
    with safe_open(path, "pt") as file:
        metadata = file.metadata() or {}
    return {**{name: found[other] for name, other in metadata.items() if other in found}, **found}


def problems(entry):
    """What is wrong with one entry of a batch."""
    pairs = tensors_of(entry["checkpoint"], entry.get("keys", []))
    if "refused" in entry:
        problem = refusal_problem(entry["refused"], pairs)
        return [problem] if problem else []
    load = load_kept if entry.get("keepFirst") else load_file
    return list(differences(dict(pairs), load(entry["safetensors"])))


def check(entries):
    """Print what is wrong with any of the entries; the exit status."""
    lines = []
    for entry in entries:
        name = os.path.basename(os.path.dirname(entry["checkpoint"])) + "/" + os.path.basename(entry["checkpoint"])
        try:
            lines += [f"{name}: {problem}" for problem in problems(entry)]
        except Exception as error:
            lines.append(f"{name}: {type(error).__name__}: {error}")
    print("\n".join(lines) if lines else f"{len(entries)} files are as they should be")
    return 1 if lines else 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint", nargs="?")
    arguments.add_argument("safetensors", nargs="?")
    arguments.add_argument("--key", action="append", default=[], help="a key to go down first; repeat for each level")
    arguments.add_argument("--keep-first", action="store_true", help="let the metadata name what stands for a tensor")
    arguments.add_argument("--batch", help="a list of files to check in one go")
    options = arguments.parse_args()
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    if options.batch:
        with open(options.batch) as file:
            sys.exit(check(json.load(file)))
    if not options.safetensors:
        arguments.error("name a checkpoint and a safetensors file, or --batch")
    entry = {"checkpoint": options.checkpoint, "safetensors": options.safetensors}
    sys.exit(check([{**entry, "keys": options.key, "keepFirst": options.keep_first}]))


if __name__ == "__main__":
    main()
