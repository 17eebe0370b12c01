"""The worked example in real torch: makes data and models, trains, predicts, carries on what Swift saved, and compares.

    python train_reference.py prepare FOLDER    # everything that the Swift tests start from
    python train_reference.py judge FOLDER      # what Swift made of it, as JSON
    python train_reference.py compare FILE OTHER...    # FILE with each of the others, as JSON
    python train_reference.py tags FILE OTHER   # the device tags of FILE, and whether it equals OTHER, as JSON
"""
import json
import math
import os
import sys

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from saving import location_tags

FEATURES, CLASSES, SAMPLES, BATCH, HALF, EPOCHS = 12, 3, 133, 16, 5, 10  # the last batch has 5 samples


class Block(nn.Module):
    def __init__(self, inputs, outputs, bias, dropout):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs, bias=bias)
        self.norm = nn.BatchNorm1d(outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        return self.dropout(torch.relu(self.norm(self.linear(x))))


class MLP(nn.Module):
    def __init__(self, features, hidden, classes, bias=False, dropout=0.0):
        super().__init__()
        sizes = [features, *hidden]
        self.layers = nn.ModuleList(Block(*pair, bias, dropout) for pair in zip(sizes, sizes[1:]))
        self.head = nn.Linear(sizes[-1], classes)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=1e-3),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.05),
}
DTYPES = {"float32": torch.float32, "float64": torch.float64}
CASES = [(kind, dtype) for kind in OPTIMIZERS for dtype in DTYPES]
# Models for inference alone: features, hidden sizes, classes, bias.
MODELS = {"one": (12, [16], 3, False), "several": (12, [16, 8, 8], 3, False), "bias": (12, [16, 8], 3, True),
          "narrow": (3, [2], 2, False), "wide": (64, [128], 10, False), "none": (12, [], 3, False)}


def dataset(features, classes, samples, dtype, seed=0):
    """Clusters that overlap, one a class."""
    generator = torch.Generator().manual_seed(seed)
    targets = torch.randint(classes, (samples,), generator=generator)
    centers = torch.randn(classes, features, generator=generator, dtype=torch.float64)
    noise = torch.randn(samples, features, generator=generator, dtype=torch.float64)
    return {"inputs": (centers[targets] + noise).to(dtype), "targets": targets}


class Run:
    """A training run: what is saved, and what it takes to go on."""

    def __init__(self, kind, dtype, data, shape=(FEATURES, [16, 8], CLASSES, False), batch=BATCH):
        torch.manual_seed(1)
        self.model = MLP(*shape).to(DTYPES[dtype])
        self.optimizer = OPTIMIZERS[kind](self.model.parameters())
        # The learning rate is halved once before the middle of a run and once after it.
        self.scheduler = torch.optim.lr_scheduler.StepLR(self.optimizer, 4, 0.5)
        self.data, self.batch, self.epoch, self.losses = data, batch, 0, []

    def train(self, epochs):
        self.model.train()
        while self.epoch < epochs:
            total = 0.0
            for start in range(0, len(self.data["targets"]), self.batch):
                inputs, targets = (self.data[key][start:start + self.batch] for key in ("inputs", "targets"))
                self.optimizer.zero_grad()
                loss = cross_entropy(self.model(inputs), targets)
                loss.backward()
                self.optimizer.step()
                total += loss.item() * len(targets)
            self.scheduler.step()
            self.epoch += 1
            self.losses.append(total / len(self.data["targets"]))
        return self

    def save(self, path):
        torch.save({
            "epoch": self.epoch, "model_state_dict": self.model.state_dict(),
            "optimizer_state_dict": self.optimizer.state_dict(), "scheduler_state_dict": self.scheduler.state_dict(),
            "loss": self.losses[-1] if self.losses else float("nan"), "losses": self.losses}, path)
        return self

    def save_as_tutorial(self, path):
        """What PyTorch's tutorial saves: the last loss alone, as the tensor that it was, and no scheduler."""
        loss = torch.tensor(self.losses[-1], requires_grad=True) * 1
        torch.save({"epoch": self.epoch, "model_state_dict": self.model.state_dict(), "optimizer_state_dict": self.optimizer.state_dict(),
                    "loss": loss}, path)

    def load(self, path):
        """Takes over what was saved, strictly, and as the safe way to load demands."""
        saved = torch.load(path, weights_only=True)
        self.model.load_state_dict(saved["model_state_dict"], strict=True)
        self.optimizer.load_state_dict(saved["optimizer_state_dict"])
        self.scheduler.load_state_dict(saved["scheduler_state_dict"])
        self.epoch, self.losses = saved["epoch"], saved["losses"]
        return self


def prepare(folder):
    os.makedirs(folder, exist_ok=True)
    for kind, dtype in CASES:
        path = os.path.join(folder, f"{kind}_{dtype}")
        os.makedirs(path, exist_ok=True)
        data = dataset(FEATURES, CLASSES, SAMPLES, DTYPES[dtype])
        torch.save(data, f"{path}/data.pth")
        run = Run(kind, dtype, data).save(f"{path}/initial.pth").train(HALF).save(f"{path}/torch_{HALF}.pth")
        run.save_as_tutorial(f"{path}/tutorial_{HALF}.pth")
        with location_tags(lambda n: f"cuda:{0}"):
            run.save(f"{path}/torch_{HALF}_cuda.pth")
        run.train(EPOCHS).save(f"{path}/torch_{EPOCHS}.pth")
    for name, shape in MODELS.items():
        for dtype in DTYPES:
            predict(f"{folder}/model_{name}_{dtype}.pth", shape, dtype)
    torch.save(batch_norm(), f"{folder}/batch_norm.pth")
    torch.save(optimizer_steps(), f"{folder}/optimizer_steps.pth")
    torch.save(optimizer_states(), f"{folder}/optimizer_states.pth")


def predict(path, shape, dtype):
    """A trained model, inputs that it has not seen, what it says of them, and what it should say: in float64."""
    data = dataset(shape[0], shape[2], SAMPLES, DTYPES[dtype])
    run = Run("adamw", dtype, data, shape).train(EPOCHS)
    model, inputs = run.model.eval(), dataset(shape[0], shape[2], 32, DTYPES[dtype], seed=1)["inputs"]
    with torch.no_grad():
        saved = {"model_state_dict": snapshot(model), "inputs": inputs, "outputs": model(inputs)}
        torch.save({**saved, "exact": model.double()(inputs.double())}, path)


def batch_norm():
    """Two batches through batch norm in training: what comes out, the gradients, the running statistics."""
    torch.manual_seed(2)
    norm = nn.BatchNorm1d(4).double()
    with torch.no_grad():
        norm.weight.uniform_(0.5, 1.5)
        norm.bias.uniform_(-1, 1)
    before, steps = snapshot(norm), []
    for _ in range(2):
        inputs = (torch.randn(6, 4, dtype=torch.float64) * 3 + 1).requires_grad_()
        gradient = torch.randn(6, 4, dtype=torch.float64)
        norm.zero_grad()
        outputs = norm(inputs)
        outputs.backward(gradient)
        steps.append({"inputs": inputs.detach(), "gradient": gradient, "outputs": outputs.detach(), "after": snapshot(norm),
                      "input_gradient": inputs.grad, "weight_gradient": norm.weight.grad.clone(), "bias_gradient": norm.bias.grad.clone()})
    norm.eval()
    return {"before": before, "steps": steps, "inference": norm(steps[0]["inputs"]).detach()}


SGD, ADAM, ADAMW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
OPTIONS = [
    ("sgd", SGD, {}), ("sgd", SGD, {"weight_decay": 0.1}), ("sgd", SGD, {"momentum": 0.9}),
    ("sgd", SGD, {"momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1}), ("sgd", SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("sgd", SGD, {"momentum": 0.9, "maximize": True}), ("sgd", SGD, {"lr": torch.tensor(0.25)}),
    ("adam", ADAM, {}), ("adam", ADAM, {"weight_decay": 0.1}), ("adam", ADAM, {"amsgrad": True}), ("adam", ADAM, {"betas": (0.4, 0.9), "eps": 0.01}),
    ("adam", ADAM, {"maximize": True, "weight_decay": 0.1, "amsgrad": True}), ("adamw", ADAM, {"decoupled_weight_decay": True, "weight_decay": 0.1}),
    ("adamw", ADAMW, {}), ("adamw", ADAMW, {"weight_decay": 0.1, "amsgrad": True}), ("adamw", ADAMW, {"betas": (0.0, 0.5), "maximize": True}),
    ("sgd groups", SGD, {"momentum": 0.9}), ("adamw groups", ADAMW, {}),
]


def groups(model):
    return [{"params": [model.head.weight]}, {"params": [model.head.bias], "lr": 0.5, "weight_decay": 0.25}]


def optimizer_steps():
    """Six steps of a linear layer with gradients that are given, for options one by one and together."""
    rows = []
    for name, make, options in OPTIONS:
        for dtype in DTYPES.values():
            torch.manual_seed(3)
            model = MLP(5, [], 1).to(dtype)
            optimizer = make(groups(model) if "groups" in name else model.parameters(), **{"lr": 0.1, **options})
            row = {"kind": name.split()[0], "options": f"{name} {options}", "initial": snapshot(model), "before": optimizer.state_dict(), "steps": []}
            for step in range(6):
                for parameter in model.parameters():
                    parameter.grad = torch.randn(parameter.shape, dtype=dtype) * 10.0 ** -step
                gradients = [parameter.grad for parameter in model.parameters()]
                optimizer.step()
                row["steps"].append({"gradients": gradients, "values": snapshot(model)})
            rows.append({**row, "after": optimizer.state_dict()})
    return rows


STATES = {
    "SGD": (SGD, {}), "SGD momentum": (SGD, {"momentum": 0.9}), "SGD groups": (SGD, {}), "SGD frozen": (SGD, {}),
    "SGD momentum frozen": (SGD, {"momentum": 0.9}), "SGD cyclic": (SGD, {"momentum": 0.9}),
    "Adam": (ADAM, {}), "Adam amsgrad": (ADAM, {"amsgrad": True}), "Adam named": (ADAM, {}), "Adam frozen": (ADAM, {}), "Adam cycle": (ADAM, {}),
    "AdamW": (ADAMW, {}), "AdamW amsgrad": (ADAMW, {"amsgrad": True}), "AdamW frozen": (ADAMW, {}),
    **{name: (getattr(torch.optim, name), {}) for name in
       ("NAdam", "RAdam", "Adamax", "RMSprop", "Adagrad", "Adadelta", "ASGD", "Rprop", "Adafactor")},
}


def optimizer_states():
    """The states of optimizers, also of those that the example does not have, before the first step and after it."""
    states = {}
    for name, (make, options) in STATES.items():
        torch.manual_seed(4)
        model = MLP(2, [3], 2)
        parameters = list(model.parameters())
        if "groups" in name:
            given = [{"params": parameters[:2], "momentum": 0.5}, {"params": parameters[2:]}]
        else:
            given = model.named_parameters() if "named" in name else parameters
        optimizer = make(given, **{"lr": 0.1, **options})
        if "cycle" in name:
            torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=10)
        if "cyclic" in name:
            torch.optim.lr_scheduler.CyclicLR(optimizer, 0.1, 1.0)
        if "frozen" in name:
            model.head.bias.requires_grad_(False)
        rows = [optimizer.state_dict()]
        cross_entropy(model(torch.randn(4, 2)), torch.tensor([0, 1, 0, 1])).backward()
        optimizer.step()
        states[name] = [*rows, optimizer.state_dict()]
    return states


def snapshot(model):
    """The state dict as it is now, which training does not change any more."""
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def judge(folder):
    """Of each case: Swift's own half against torch's, Swift's second half, and torch's after Swift's first. And of runs
    that began in Swift, from its own weights: torch's second half against Swift's."""
    verdicts = {}
    for kind, dtype in CASES:
        path = os.path.join(folder, f"{kind}_{dtype}")
        data = torch.load(f"{path}/data.pth", weights_only=True)
        Run(kind, dtype, data).load(f"{path}/swift_{HALF}.pth").train(EPOCHS).save(f"{path}/torch_{EPOCHS}_after_swift.pth")
        verdicts[f"{kind}_{dtype}"] = {
            "started": compare(f"{path}/swift_{HALF}.pth", f"{path}/torch_{HALF}.pth"),
            "resumed": compare(f"{path}/swift_{EPOCHS}.pth", f"{path}/torch_{EPOCHS}.pth"),
            "continued": compare(f"{path}/torch_{EPOCHS}_after_swift.pth", f"{path}/torch_{EPOCHS}.pth")}
    for kind in OPTIMIZERS:
        path, data = os.path.join(folder, f"{kind}_float32"), torch.load(f"{folder}/{kind}_float32/data.pth", weights_only=True)
        Run(kind, "float32", data).load(f"{path}/own_{HALF}.pth").train(EPOCHS).save(f"{path}/torch_{EPOCHS}_after_own.pth")
        verdicts[f"{kind}_float32"]["own"] = compare(f"{path}/torch_{EPOCHS}_after_own.pth", f"{path}/own_{EPOCHS}.pth")
    print(json.dumps(verdicts))


def compare_all(path, *others):
    """Of each of the others: what compare() says of the first file and it."""
    print(json.dumps([compare(path, other) for other in others]))


def compare(path, other):
    """The greatest differences of two checkpoints, and what else is not the same."""
    first, second = (torch.load(name, weights_only=True) for name in (path, other))
    parameters = {name for name in second["model_state_dict"] if name.endswith(("weight", "bias"))}
    tensors = {"parameters": {}, "buffers": {}, "optimizer": {}, "losses": {}}
    unequal = []
    for name, pair in leaves(first, second, ""):
        top = name.split("/")[1]
        if not all(isinstance(value, torch.Tensor) and value.is_floating_point() for value in pair):
            if not same(*pair):
                unequal.append(f"{name}: {pair[0]!r} and {pair[1]!r}")
        elif top == "model_state_dict":
            tensors["parameters" if name.split("/")[2] in parameters else "buffers"][name] = pair
        else:
            tensors["optimizer" if top == "optimizer_state_dict" else "losses"][name] = pair
    return {"unequal": unequal, **{part: greatest(pairs.values()) for part, pairs in tensors.items()}}


def leaves(first, second, name):
    """What is in both, value by value; a list of floats is a tensor, and a missing value is None."""
    if isinstance(second, dict) and isinstance(first, dict):
        yield f"{name}/keys", (list(first), list(second))
        yield f"{name}/_metadata", tuple(getattr(value, "_metadata", None) for value in (first, second))
        for key in [*second, *(key for key in first if key not in second)]:
            yield from leaves(first.get(key), second.get(key), f"{name}/{key}")
    elif name.split("/")[-1] in ("loss", "losses"):
        yield name, tuple(torch.tensor(value, dtype=torch.float64) for value in (first, second))
    else:
        yield name, (first, second)


def same(first, second):
    """Whether types and values are the same, down to the order of keys."""
    if isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor):
        return first.dtype == second.dtype and torch.equal(first, second)
    if isinstance(first, dict) and isinstance(second, dict):
        return list(first) == list(second) and all(same(first[key], second[key]) for key in first)
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        return type(first) is type(second) and len(first) == len(second) and all(map(same, first, second))
    return type(first) is type(second) and first == second


def greatest(pairs):
    """The greatest difference, and the greatest in relation to the greatest number of its tensor. It is infinite when any
    is no finite number, such as that of NaN; max() would pass over NaN, and JSON has neither."""
    worst = {"tensors": 0, "absolute": 0.0, "relative": 0.0}
    for first, second in pairs:
        if first.shape != second.shape or first.dtype != second.dtype:
            return {"tensors": 0, "absolute": "shape", "relative": "dtype"}
        difference = (first.double() - second.double()).abs().max().item()
        if not math.isfinite(difference):
            return {"tensors": 0, "absolute": "inf", "relative": "inf"}
        scale = second.double().abs().max().item()
        worst["tensors"] += 1
        worst["absolute"] = max(worst["absolute"], difference)
        worst["relative"] = max(worst["relative"], difference / scale if scale else difference)
    return worst


def tags(path, other):
    """Where storages are said to be, what a plain load says to that, and whether all else is as in the other file."""
    seen = set()
    first = torch.load(path, weights_only=True, map_location=lambda storage, tag: seen.add(tag) or storage)
    second = torch.load(other, weights_only=True, map_location="cpu")
    try:
        torch.load(path, weights_only=True)
        plain = None
    except Exception as error:
        plain = f"{type(error).__name__}: {error}"
    on_cpu = torch.load(path, weights_only=True, map_location="cpu")
    print(json.dumps({"tags": sorted(seen), "plain": plain, "equal": same(on_cpu, second) and same(first, second)}))


if __name__ == "__main__":
    torch.set_num_threads(1)
    {"prepare": prepare, "judge": judge, "compare": compare_all, "tags": tags}[sys.argv[1]](*sys.argv[2:])
