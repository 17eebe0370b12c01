"""Holds what was made of whole modules to what Python makes of them.

usage: check_modules.py FOLDER

FOLDER is that of module_cases.py, with NAME.weights.pth and NAME.converted.safetensors written beside its files. Prints
`ok`, the number of files compared, and how many of the checkpoints have torch's bytes."""
import json
import os
import sys

import torch
from safetensors.torch import load_file


def differences(expected, found, path=""):
    """What differs between two values, both of which torch has loaded."""
    if isinstance(expected, torch.Tensor):
        same = (isinstance(found, torch.Tensor) and type(expected) is type(found) and expected.dtype == found.dtype
                and expected.shape == found.shape and expected.requires_grad == found.requires_grad
                and expected.stride() == found.stride() and torch.equal(expected, found))
        return [] if same else [f"{path}: {expected} and {found}"]
    if isinstance(expected, (tuple, list)):
        if type(expected) is not type(found) or len(expected) != len(found):
            return [f"{path}: {expected} and {found}"]
        return [d for i, pair in enumerate(zip(expected, found)) for d in differences(*pair, f"{path}.{i}")]
    return [] if expected == found else [f"{path}: {expected} and {found}"]


def sharing(state):
    """The names of tensors by their storages."""
    groups = {}
    for name, value in state.items():
        if isinstance(value, torch.Tensor) and value.numel():
            groups.setdefault(value.untyped_storage().data_ptr(), []).append(name)
    return list(groups.values())


def check_weights(folder, name, is_refused):
    found = torch.load(os.path.join(folder, f"{name}.weights.pth"), weights_only=True)
    path = os.path.join(folder, "state", f"{name}.pth")
    expected = torch.load(path, weights_only=False)
    kept = {key: value for key, value in expected.items() if key not in is_refused}
    if list(kept) != list(found):
        return [f"{list(kept)} and {list(found)}"]
    result = [d for key in kept for d in differences(kept[key], found[key], key)]
    if expected._metadata != found._metadata or type(expected) is not type(found):
        result.append(f"{expected._metadata} and {found._metadata}")
    if sharing(kept) != sharing(found):
        result.append(f"sharing: {sharing(kept)} and {sharing(found)}")
    return result


def check_safetensors(folder, name):
    expected = load_file(os.path.join(folder, f"{name}.safetensors"))
    found = load_file(os.path.join(folder, f"{name}.converted.safetensors"))
    # The float16 weights of packed linear modules, which a state dict has inside a tuple.
    found = {key: value for key, value in found.items() if "_packed_params._packed_params." not in key}
    if set(expected) != set(found):
        return [f"{sorted(expected)} and {sorted(found)}"]
    return [f"{key} differs" for key in expected
            if expected[key].dtype != found[key].dtype or not torch.equal(expected[key], found[key])]


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "cases.json")) as file:
        cases = json.load(file)
    compared, same = 0, 0
    for case in cases:
        name = case["name"]
        refused = {row["name"] for row in case["state"]
                   if row.get("type") in ("ScriptObject", "UninitializedParameter", "UninitializedBuffer")}
        found = check_weights(folder, name, refused)
        compared += 1
        paths = [os.path.join(folder, part) for part in (f"state/{name}.pth", f"{name}.weights.pth")]
        contents = [open(path, "rb").read().replace(b"%s.weights" % name.encode(), name.encode()) for path in paths]
        same += contents[0] == contents[1]
        if os.path.exists(os.path.join(folder, f"{name}.safetensors")):
            found += check_safetensors(folder, name)
            compared += 1
        for difference in found:
            print(f"{name}: {difference}")
    print(f"ok {compared} {same}")


if __name__ == "__main__":
    main()
