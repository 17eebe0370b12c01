"""State dicts of torch's optimizers and schedulers, and whether training goes on with those that were made elsewhere.

    optimizer_states.py write FOLDER     saves state dicts below FOLDER/saved, and FOLDER/runs.json
    optimizer_states.py check FOLDER     continues each run with the state dict below FOLDER/made
"""
import json
import os
import sys
import warnings

import torch
from torch import nn, optim
from torch.optim import lr_scheduler

# The name of the factory and its arguments, as they are in JSON; torch's names of both follow from them.
RUNS = {
    "sgd": ("SGD", {}),
    "sgd_momentum": ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True}),
    "sgd_dampening": ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
    "adam": ("Adam", {}),
    "adam_amsgrad": ("Adam", {"lr": 0.01, "betas": [0.8, 0.99], "eps": 1e-6, "weight_decay": 0.1, "amsgrad": True}),
    "adamw": ("AdamW", {}),
    "adamw_amsgrad": ("AdamW", {"lr": 0.01, "weight_decay": 0, "amsgrad": True}),
    "rmsprop": ("RMSprop", {}),
    "rmsprop_centered": ("RMSprop", {"lr": 0.05, "alpha": 0.9, "momentum": 0.5, "centered": True, "weight_decay": 0.01}),
    "adagrad": ("Adagrad", {}),
    "adagrad_decay": ("Adagrad", {"lr": 0.1, "lr_decay": 0.01, "initial_accumulator_value": 0.5, "eps": 1e-6}),
}
OTHERS = ["SparseAdam", "NAdam", "RAdam", "Adamax", "Adadelta", "ASGD", "Rprop", "Adafactor"]


def parameters():
    torch.manual_seed(1)
    return [nn.Parameter(torch.randn(3, 2)), nn.Parameter(torch.randn(3)), nn.Parameter(torch.randn(2, 2, 2))]


def step(parameters, optimizer, number, sparse=False):
    for parameter in parameters:
        gradient = torch.sin(torch.arange(parameter.numel(), dtype=torch.float32) + number).reshape(parameter.shape)
        parameter.grad = gradient.to_sparse() if sparse else gradient
    optimizer.step()


def options(arguments):
    return {key: tuple(value) if isinstance(value, list) else value for key, value in arguments.items()}


def make(class_name, parameters, **arguments):
    return getattr(optim, class_name)(parameters, **options(arguments))


def trained(class_name, groups=1, steps=3, **arguments):
    tensors = parameters()
    given = tensors if groups == 1 else [{"params": tensors[:1]}, {"params": tensors[1:], "lr": 0.5}]
    optimizer = make(class_name, given, **arguments)
    for number in range(steps):
        step(tensors, optimizer, number, sparse=class_name == "SparseAdam")
    return tensors, optimizer


def named():
    return [(f"layer.{number}", parameter) for number, parameter in enumerate(parameters())]


def older():
    """As torch before 1.12 kept steps, and before 1.5 the ids of parameters."""
    state = trained("Adam")[1].state_dict()
    new = {"state": {}, "param_groups": state["param_groups"]}
    ids = [140_000_000_000_000 + 64 * number for number in range(3)]
    for number, entry in zip(ids, state["state"].values()):
        new["state"][number] = entry | {"step": 3}
    new["param_groups"][0]["params"] = ids
    return new


def sharded():
    """Names in place of numbers, as FSDP's full state dicts have, and keys that no optimizer of torch has."""
    state = trained("AdamW")[1].state_dict()
    names = ["encoder.weight", "encoder.bias", "head.weight"]
    state["state"] = {f"{name}": entry for name, entry in zip(names, state["state"].values())}
    state["param_groups"][0]["params"] = [f"{name}" for name in names]
    return {"format": 2, "state": state["state"], "loss_scale": torch.tensor(1024.0), "param_groups": state["param_groups"], "last": None}


def unused():
    """A momentum that has not been used yet."""
    state = trained("SGD", momentum=0.5)[1].state_dict()
    state["state"][1]["momentum_buffer"] = None
    return state


def optimizers():
    for name, (class_name, arguments) in RUNS.items():
        for groups in [1, 2]:
            yield f"{name}_{groups}", lambda: trained(class_name, groups, **arguments)[1].state_dict()
    for class_name in OTHERS:
        yield class_name, lambda: trained(class_name)[1].state_dict()
    yield "fresh", lambda: trained("Adam", steps=0)[1].state_dict()
    yield "empty", lambda: {"state": {}, "param_groups": []}
    yield "named", lambda: optim.Adam(named()).state_dict()
    yield "tensor_rate", lambda: trained("Adam", lr=torch.tensor(0.25), groups=1)[1].state_dict()
    yield "scheduled", scheduled
    yield "half", half
    yield "older", older
    yield "sharded", sharded
    yield "unused", unused


def scheduled():
    tensors, optimizer = trained("SGD", momentum=0.9)
    scheduler = lr_scheduler.OneCycleLR(optimizer, 0.1, 10)
    step(tensors, optimizer, 4)
    scheduler.step()
    return optimizer.state_dict()


def half():
    tensors = [nn.Parameter(parameter.detach().bfloat16()) for parameter in parameters()]
    optimizer = optim.Adam(tensors)
    for tensor in tensors:
        tensor.grad = torch.ones_like(tensor)
    optimizer.step()
    return optimizer.state_dict()


SCHEDULERS = {
    "StepLR": lambda o: lr_scheduler.StepLR(o, 2, 0.5),
    "MultiStepLR": lambda o: lr_scheduler.MultiStepLR(o, [1, 3, 3]),
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, 10),
    "OneCycleLR": lambda o: lr_scheduler.OneCycleLR(o, 0.1, 20),
    "ReduceLROnPlateau": lambda o: lr_scheduler.ReduceLROnPlateau(o, patience=1),
    "ExponentialLR": lambda o: lr_scheduler.ExponentialLR(o, 0.9),
    "LambdaLR": lambda o: lr_scheduler.LambdaLR(o, lambda epoch: 0.9**epoch),
    "SequentialLR": lambda o: lr_scheduler.SequentialLR(o, [lr_scheduler.ConstantLR(o), lr_scheduler.ExponentialLR(o, 0.9)], [2]),
    "CosineAnnealingWarmRestarts": lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 3),
    "PolynomialLR": lambda o: lr_scheduler.PolynomialLR(o),
}


def scheduler(name):
    tensors, optimizer = trained("SGD", lr=0.5, momentum=0.9, groups=2)
    made = SCHEDULERS[name](optimizer)
    for number in range(4):
        step(tensors, optimizer, number)
        made.step(*[1.0] if name == "ReduceLROnPlateau" else [])
    return made.state_dict()


def write(folder):
    os.makedirs(os.path.join(folder, "saved"))
    for name, state in optimizers():
        torch.save(state(), os.path.join(folder, "saved", f"optimizer_{name}.pth"))
    for name in SCHEDULERS:
        torch.save(scheduler(name), os.path.join(folder, "saved", f"scheduler_{name}.pth"))
    with open(os.path.join(folder, "runs.json"), "w") as file:
        json.dump([{"name": name, "class": class_name, "arguments": arguments} for name, (class_name, arguments) in RUNS.items()], file)


def same(left, right):
    """Whether two values are equal and of the same types, with keys in the same order."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, torch.Tensor):
        return left.dtype == right.dtype and left.shape == right.shape and torch.equal(left, right)
    return left == right


def check_run(folder, name):
    class_name, arguments = RUNS[name]
    tensors, optimizer = trained(class_name, **arguments)
    made = torch.load(os.path.join(folder, "made", f"{name}.pth"), weights_only=True)
    if not same(made, optimizer.state_dict()):
        return f"{name}: {made} is not {optimizer.state_dict()}"
    copies = [nn.Parameter(tensor.detach().clone()) for tensor in tensors]
    # With other settings, so that those of the file count.
    other = make(class_name, copies, lr=123.0)
    other.load_state_dict(made)
    for number in range(3, 6):
        step(tensors, optimizer, number)
        step(copies, other, number)
    if not all(torch.equal(*pair) for pair in zip(tensors, copies)):
        return f"{name}: the run goes on in another way"
    return None


def check(folder):
    problems = [problem for name in RUNS if (problem := check_run(folder, name))]
    print("\n".join(problems) or "ok")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    {"write": write, "check": check}[sys.argv[1]](sys.argv[2])
