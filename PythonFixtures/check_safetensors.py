#!/usr/bin/env python3
"""Hold a safetensors file to the checkpoint that it was made from, with torch and the safetensors package.

    check_safetensors.py CHECKPOINT SAFETENSORS [--key KEY ...]

Nested state dicts are flattened with dotted names; --key (repeatable, one per level) goes down to a part of the
checkpoint first. Exit status 0 only if both hold the same names with tensors of equal dtype, shape and bits.
"""
import argparse
import sys

import torch
from safetensors.torch import load_file


def flatten(value, prefix=""):
    """(dotted name, tensor) of every tensor below nested dictionaries and lists."""
    if isinstance(value, torch.Tensor):
        yield prefix, value
    elif isinstance(value, (dict, list, tuple)):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in pairs:
            yield from flatten(child, f"{prefix}.{key}" if prefix else str(key))


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


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint")
    arguments.add_argument("safetensors")
    arguments.add_argument("--key", action="append", default=[], help="a key to go down first; repeat for each level")
    arguments = arguments.parse_args()
    checkpoint = torch.load(arguments.checkpoint, map_location="cpu", weights_only=False)
    wanted = dict(flatten(descend(checkpoint, arguments.key)))
    found = load_file(arguments.safetensors)
    lines = list(differences(wanted, found))
    print("\n".join(lines) if lines else f"{len(found)} tensors are equal")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
