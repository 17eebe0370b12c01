"""Whole pickled modules of many kinds, with what `state_dict()` gives in Python.

usage: module_cases.py FOLDER

For each case and container, FOLDER gets NAME.CONTAINER.pt, and for each case NAME.pth with the state dict and
NAME.safetensors with those of its tensors that the format takes. cases.json lists them with all that a state dict has."""
import collections
import hashlib
import json
import os
import sys
import warnings

import cloudpickle
import torch
from safetensors.torch import save_file
from torch import nn
from torch.ao import quantization
from torch.ao.nn import quantized

warnings.simplefilter("ignore")

# How a case is saved; a reader of another form of the file gets its line here.
CONTAINERS = {
    "zip": {},
    "protocol4": {"pickle_protocol": 4},
}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3)
        self.norm = nn.BatchNorm2d(3)
        self.head = nn.Linear(3, 2)
        self.absent = None
        self.names = {0: "cat"}


class Buffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("kept", torch.arange(6.0).reshape(2, 3).t())
        self.register_buffer("hidden", torch.ones(2), persistent=False)
        self.register_buffer("absent", None)
        self.register_parameter("nothing", None)
        self.scale = nn.Parameter(torch.tensor(0.5, dtype=torch.float64))
        self.frozen = nn.Parameter(torch.ones(2), requires_grad=False)
        self.unregistered = torch.ones(3)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(5, 4)
        self.output = nn.Linear(4, 5, bias=False)
        self.output.weight = self.embedding.weight


class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 2)
        self.again = self.first
        self.list = nn.ModuleList([self.first, nn.Sequential(self.first, nn.ReLU())])
        self.add_module("none", None)


class Parameters(nn.Module):
    def __init__(self):
        super().__init__()
        self.list = nn.ParameterList([nn.Parameter(torch.ones(2)), nn.Parameter(torch.zeros(1))])
        self.dict = nn.ParameterDict({"a": nn.Parameter(torch.ones(1)), "b": nn.Parameter(torch.ones(3))})
        self.modules_by_name = nn.ModuleDict({"x": nn.Linear(1, 1), "y": nn.Identity()})


class OwnNorm(nn.BatchNorm1d):
    """A class of somebody's, as libraries derive them from torch's."""


class Attributed(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))
        self.weight.is_sharded = True


class Colliding(nn.Module):
    """Two values of one dotted name, and names with dots, which torch itself would refuse."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(1, 1)
        self._parameters["a.weight"] = nn.Parameter(torch.full((2,), 7.0))
        self._buffers["x.y"] = torch.ones(1)


class Ordered(nn.Module):
    """The dictionaries of older versions, without the fields that came later."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(2, 1)
        for name in ["_parameters", "_buffers", "_modules"]:
            self.__dict__[name] = collections.OrderedDict(self.__dict__[name])
        for module in [self, self.inner]:
            del module.__dict__["_non_persistent_buffers_set"]


class Traced(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
        self.factor = nn.Parameter(torch.ones(2))
        self.register_buffer("shift", torch.zeros(2))

    def forward(self, x):
        return self.inner(x) * self.factor + self.shift


class Quantizable(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = quantization.QuantStub()
        self.conv = nn.Conv2d(2, 3, 3)
        self.relu = nn.ReLU()
        self.linear = nn.Linear(4, 2)
        self.add = quantized.FloatFunctional()
        self.dequant = quantization.DeQuantStub()

    def forward(self, x):
        x = self.linear(self.relu(self.conv(self.quant(x))))
        return self.dequant(self.add.add(x, x))


def prepared():
    model = Quantizable().eval()
    model.qconfig = quantization.get_default_qconfig("fbgemm")
    model = quantization.prepare(model)
    model(torch.randn(1, 2, 6, 6))
    return model


def quantization_aware():
    model = Quantizable().train()
    model.qconfig = quantization.get_default_qat_qconfig("fbgemm")
    model = quantization.prepare_qat(model)
    model(torch.randn(1, 2, 6, 6))
    return model


def fused():
    model = quantization.fuse_modules_qat(nn.Sequential(nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1), nn.ReLU()).train(),
                                          ["0", "1", "2"])
    model.qconfig = quantization.get_default_qat_qconfig("fbgemm")
    return quantization.prepare_qat(model)


def dynamic(dtype):
    model = nn.Sequential(nn.Linear(3, 2), nn.LSTM(2, 2), nn.ModuleDict({"cell": nn.GRUCell(2, 3)}))
    return quantization.quantize_dynamic(model, {nn.Linear, nn.LSTM, nn.GRUCell}, dtype)


def reference_linear():
    parameters = {"qscheme": torch.per_tensor_affine, "dtype": torch.qint8, "scale": 0.5, "zero_point": 1}
    return quantized.reference.Linear(2, 3, weight_qparams=parameters)


def cloudpickled():
    class Local(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.Linear(2, 1)
            self.norm = LocalNorm(2)

    class LocalNorm(nn.BatchNorm1d):
        pass

    return Local()


def tracked():
    return nn.Sequential(nn.BatchNorm1d(2, track_running_stats=False), nn.BatchNorm1d(2, affine=False),
                         nn.InstanceNorm1d(2, track_running_stats=True), OwnNorm(2))


CASES = {
    "linear": lambda: nn.Linear(3, 2),
    "nested": lambda: nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.Sequential(nn.Linear(2, 1)))),
    "empty": lambda: nn.Sequential(nn.ReLU()),
    "net": Net,
    "half": lambda: Net().half(),
    "buffers": Buffers,
    "tied": Tied,
    "shared": Shared,
    "norms": tracked,
    "attention": lambda: nn.MultiheadAttention(4, 2, kdim=3),
    "transformer": lambda: nn.TransformerEncoderLayer(4, 2, 8),
    "lstm": lambda: nn.LSTM(2, 3, num_layers=2, bidirectional=True, proj_size=2),
    "parameters": Parameters,
    "attributed": Attributed,
    "colliding": Colliding,
    "ordered": Ordered,
    "weight_norm": lambda: nn.Sequential(nn.utils.weight_norm(nn.Linear(3, 2))),
    "spectral_norm": lambda: nn.Sequential(nn.utils.spectral_norm(nn.Linear(3, 2)), nn.Linear(2, 2)),
    "data_parallel": lambda: nn.DataParallel(Net()),
    "lazy": lambda: nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d(), nn.Linear(3, 1)),
    "traced": lambda: torch.fx.symbolic_trace(Traced()),
    "prepared": prepared,
    "quantization_aware": quantization_aware,
    "fused": fused,
    "quantized": lambda: quantization.convert(prepared()),
    "quantized_aware": lambda: quantization.convert(quantization_aware().eval()),
    "quantized_embedding": lambda: nn.Sequential(quantized.Embedding(5, 4), quantized.EmbeddingBag(5, 4)),
    "dynamic_qint8": lambda: dynamic(torch.qint8),
    "dynamic_float16": lambda: dynamic(torch.float16),
    "reference": reference_linear,
    "cloudpickled": cloudpickled,
}


def digest(tensor):
    if tensor.is_quantized:
        tensor = tensor.int_repr()
    return hashlib.sha256(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()).hexdigest()


def row(name, value):
    if not isinstance(value, torch.Tensor) or isinstance(value, nn.parameter.UninitializedTensorMixin):
        return {"name": name, "type": type(value).__name__}
    return {"name": name, "dtype": str(value.dtype).removeprefix("torch."), "shape": list(value.shape),
            "strides": list(value.stride()), "sha256": digest(value.detach()),
            "requires_grad": value.requires_grad, "is_parameter": isinstance(value, nn.Parameter)}


def write(name, make, folder):
    torch.manual_seed(len(name))
    module = make()
    for part in module.modules():
        # It says how to quantize, by functions that can't be pickled.
        part.__dict__.pop("qconfig", None)
    options = {"pickle_module": cloudpickle} if name == "cloudpickled" else {}
    files = {}
    for container, settings in CONTAINERS.items():
        files[container] = f"{name}.{container}.pt"
        torch.save(module, os.path.join(folder, files[container]), **settings, **options)
    # What torch.save writes into its folder inside the archive is named like the file.
    os.makedirs(os.path.join(folder, "state"), exist_ok=True)
    state = module.state_dict()
    try:
        torch.save(state, os.path.join(folder, "state", f"{name}.pth"))
    except Exception:
        pass
    rows = [row(key, value) for key, value in state.items()]
    plain = {key: value.detach().contiguous().clone() for key, value in state.items()
             if "dtype" in row(key, value) and not value.is_quantized}
    if plain:
        save_file(plain, os.path.join(folder, f"{name}.safetensors"), metadata={"format": "pt"})
    return {"name": name, "files": files, "state": rows,
            "metadata": [[key, value] for key, value in state._metadata.items()]}


def main():
    folder = sys.argv[1]
    cases = [write(name, make, folder) for name, make in CASES.items()]
    with open(os.path.join(folder, "cases.json"), "w") as file:
        json.dump(cases, file)


if __name__ == "__main__":
    # Classes are to be found under the name of this module, whoever loads them.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import module_cases
    module_cases.main()
