"""What `load_state_dict` says of state dicts that fit a model and of such that do not.

    loading_cases.py FOLDER

writes, for each case, the model's own state dict and the one to be loaded, and what torch makes of them: `cases.json`
has the names of the cases and, for each way to load, the lines of the error, or the keys, how torch shows them and the
file with what the model has afterwards.
"""
import collections
import copy
import itertools
import json
import os
import sys

import torch
from torch import nn


class Counted(nn.Module):
    """A module with a state beside its tensors."""

    def __init__(self, state):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))
        self.state = state

    def get_extra_state(self):
        return self.state

    def set_extra_state(self, state):
        self.state = state


class Inner(nn.Module):
    def __init__(self, extra=None):
        super().__init__()
        # Children come behind a module's own tensors, whatever is registered first.
        self.relu = nn.ReLU()
        self.fc = nn.Linear(3, 2)
        if extra is not None:
            self.counted = Counted(extra)
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.register_buffer("steps", torch.tensor(7))
        self.register_buffer("hidden", torch.zeros(2), persistent=False)


class Model(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 1)
        self.norm = nn.BatchNorm2d(2)
        self.inner = Inner(**options)
        self.layers = nn.ModuleList([nn.Linear(2, 2, bias=False), nn.InstanceNorm1d(2, track_running_stats=True)])
        self.gain = nn.Parameter(torch.full((2,), 0.5))


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(2, 2)
        self.two = nn.Linear(2, 2)
        self.two.weight = self.one.weight


def fill(model):
    """Numbers that tell every element from the others."""
    number = 0
    with torch.no_grad():
        for tensor in model.state_dict().values():
            if isinstance(tensor, torch.Tensor):
                tensor.copy_(torch.arange(number, number + tensor.numel()).reshape(tensor.shape) / 4)
                number += tensor.numel()
    return model


def saved(make=Model, **options):
    """A state dict to be changed, with tensors and metadata of its own."""
    return copy.deepcopy(fill(make(**options)).state_dict())


def without(state, *names):
    for name in names:
        del state[name]
    return state


def including(state, **entries):
    for name, value in entries.items():
        state[name.replace("__", ".")] = value
    return state


def renamed(state, rename):
    new = collections.OrderedDict((rename(name), value) for name, value in state.items())
    new._metadata = state._metadata
    return new


def versions(state, version):
    """Gives the norms another version; None for none."""
    for name in ["norm", "layers.1"]:
        state._metadata[name] = {} if version is None else {"version": version}
    return state


def uncounted(state, version):
    return versions(without(state, "norm.num_batches_tracked", "layers.1.num_batches_tracked"), version)


def cast(state, dtype):
    for name in state:
        state[name] = state[name].to(dtype)
    return state


def plain(state):
    return dict(state.items())


def backwards(state):
    return collections.OrderedDict(reversed(state.items()))


T = torch.tensor
STATE = {"step": 3, "names": ["a", "b"]}
CASES = {
    "same": lambda: saved(),
    "empty": lambda: collections.OrderedDict(),
    "no metadata": lambda: plain(saved()),
    "other order": lambda: backwards(saved()),
    "missing": lambda: without(saved(), "inner.fc.bias"),
    "several missing": lambda: without(saved(), "gain", "layers.0.weight", "inner.steps", "inner.fc.weight", "norm.weight", "conv.bias"),
    "a module missing": lambda: without(saved(), "inner.scale", "inner.steps", "inner.fc.weight", "inner.fc.bias"),
    "unexpected": lambda: including(saved(), other=T([1.0])),
    "unexpected at all depths": lambda: including(
        saved(), layers__1__more=T(1), a__b__c=T(1), inner__fc__scale=T(1), inner__deeper__x=T(1), inner__x=T(1), conv__gain=T(1), x=T(1)),
    "unexpected in a module without tensors": lambda: including(saved(), inner__relu__weight=T(1), inner__relu__deep__weight=T(1), inner__z=T(1)),
    "the name of a module": lambda: including(saved(), conv=T(1), inner__fc=T(1), layers=T(1)),
    "below a tensor": lambda: including(saved(), gain__x=T(1), inner__scale__x=T(1), inner__scale__x__y=T(1)),
    "odd names": lambda: renamed(including(saved(), q=T(1), r=T(1), s=T(1)), lambda n: {"q": "", "r": "inner.", "s": ".."}.get(n, n)),
    "both": lambda: including(without(saved(), "conv.weight", "inner.fc.weight"), conv__kernel=T(1), inner__fc__kernel=T(1)),
    "prefix": lambda: renamed(saved(), lambda name: "module." + name),
    "another model": lambda: saved(Tied),
    "shapes": lambda: including(
        saved(), gain=torch.zeros(3), conv__weight=torch.zeros(2), inner__fc__weight=torch.zeros(2, 3, 1), inner__steps=torch.zeros(2), inner__fc__bias=torch.zeros(0)),
    "shapes and names": lambda: including(without(saved(), "inner.fc.bias"), gain=torch.zeros(3), other=T(1), norm__weight=T(1.0)),
    "one element in one dimension": lambda: including(saved(), inner__scale=T([9.0]), inner__steps=T([5]), norm__num_batches_tracked=T([4])),
    "one element in a slice": lambda: including(saved(), inner__scale=torch.arange(8.0)[5:6]),
    "one element in two dimensions": lambda: including(saved(), inner__scale=T([[9.0]])),
    "a scalar for one dimension": lambda: including(saved(), gain=T(1.0)),
    "no tensors": lambda: including(saved(), gain=1, conv__weight="x", inner__fc__weight=None, inner__fc__bias=[1.0], inner__steps={"a": 1}),
    "no tensors that are unexpected": lambda: including(saved(), x=1, inner__y="y", inner__fc__z=None),
    "everything at once": lambda: including(
        without(saved(), "conv.bias", "inner.scale"), gain=torch.zeros(1), a__b=T(1), inner__fc__weight=3, inner__q=T(1), norm__weight=torch.zeros(5), norm__bias=0.5),
    "extra state not taken": lambda: including(saved(), inner___extra_state=STATE, inner__fc___extra_state=1),
    "extra state of no module": lambda: including(saved(), nowhere___extra_state=STATE, _extra_state=1),
    "extra state before names": lambda: including(saved(), inner__a=T(1), inner__b=T(1), inner___extra_state=T(1)),
    "uncounted, no version": lambda: uncounted(saved(), None),
    "uncounted, version 1": lambda: uncounted(saved(), 1),
    "uncounted, version 2": lambda: uncounted(saved(), 2),
    "uncounted, version 1.5": lambda: uncounted(saved(), 1.5),
    "uncounted, no metadata": lambda: plain(uncounted(saved(), 2)),
    "more than uncounted": lambda: without(uncounted(saved(), 1), "norm.weight", "norm.running_mean", "layers.1.running_var"),
    "float16": lambda: cast(saved(), torch.float16),
    "bfloat16": lambda: cast(saved(), torch.bfloat16),
    "float64": lambda: cast(saved(), torch.float64),
    "int32": lambda: cast(saved(), torch.int32),
    "bool": lambda: cast(saved(), torch.bool),
    "strided": lambda: including(saved(), inner__fc__weight=torch.arange(6.0).reshape(3, 2).t(), gain=T(4.0).expand(2)),
    "negated": lambda: including(saved(), gain=torch._neg_view(T([1.0, 2.0]))),
}
EXTRA_CASES = {
    "same": lambda: saved(extra={"step": 9}),
    "missing": lambda: without(saved(extra=STATE), "inner.counted._extra_state", "inner.counted.weight"),
    "a tensor": lambda: saved(extra=torch.arange(3)),
    "a module missing": lambda: saved(),
}


def ways(model, state):
    for strict, assign in itertools.product([True, False], [False, True]):
        yield {"strict": strict, "assign": assign}, copy.deepcopy(model), copy.deepcopy(state)


def outcome(model, state, **way):
    try:
        keys = model.load_state_dict(state, **way)
    except RuntimeError as error:
        return {"error": str(error).split("\n\t")[1:]}
    return {"missing": keys.missing_keys, "unexpected": keys.unexpected_keys, "text": str(keys)}


def write(folder, title, model, state):
    names = {kind: f"{title.replace(' ', '-').replace(',', '')}-{kind}.pth" for kind in ["model", "loaded"]}
    torch.save(model.state_dict(keep_vars=True), os.path.join(folder, names["model"]))
    torch.save(state, os.path.join(folder, names["loaded"]))
    results = []
    for number, (way, target, source) in enumerate(ways(model, state)):
        result = outcome(target, source, **way)
        if "error" not in result:
            result["after"] = names["model"].replace("model", f"after-{number}")
            torch.save(target.state_dict(keep_vars=True), os.path.join(folder, result["after"]))
        results.append(way | result)
    return {"title": title, **names, "results": results}


def main(folder):
    cases = [write(folder, title, Model(), make()) for title, make in CASES.items()]
    for title, make in EXTRA_CASES.items():
        cases.append(write(folder, f"extra state, {title}", Model(extra={"step": 1}), make()))
    cases.append(write(folder, "tied", Tied(), saved(Tied)))
    cases.append(write(folder, "untied", Tied(), including(saved(Tied), two__weight=torch.zeros(2, 2))))
    cases.append(write(folder, "half model", Model().half(), saved()))
    cases.append(write(folder, "double model", Model().double(), cast(saved(), torch.bfloat16)))
    with open(os.path.join(folder, "cases.json"), "w") as file:
        json.dump(cases, file, indent=1)


if __name__ == "__main__":
    main(sys.argv[1])
