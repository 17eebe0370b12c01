"""Whole modules, as `torch.save(model)` pickles them: each in a zip and in a legacy file."""
import torch

from fixture_classes import Holder, Tied, WithBuffers, WithExtraState
from matrix_training import seeded
from saving import save_both


def quantized_static():
    """A float model that has been calibrated and converted; the engine is the one that keeps weights as they are."""
    quantization = torch.ao.quantization
    model = seeded(torch.nn.Sequential(quantization.QuantStub(), torch.nn.Linear(3, 2), torch.nn.ReLU(), quantization.DeQuantStub())).eval()
    model.qconfig = quantization.get_default_qconfig("fbgemm")
    prepared = quantization.prepare(model)
    prepared(torch.arange(6.0).reshape(2, 3) / 4 - 1)
    return quantization.convert(prepared)


def quantized_dynamic():
    model = seeded(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Sequential(torch.nn.Linear(2, 1))))
    return torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8)


def spectral():
    """Without the random vectors that the norm starts from."""
    module = seeded(torch.nn.utils.spectral_norm(torch.nn.Linear(3, 2)))
    with torch.no_grad():
        module.weight_u.copy_(torch.tensor([1.0, 0.0]))
        module.weight_v.copy_(torch.tensor([0.0, 1.0, 0.0]))
        module.weight = module.weight_orig.detach().clone()
    return module


def shared():
    first = torch.nn.Linear(2, 2)
    return seeded(torch.nn.Sequential(first, torch.nn.ReLU(), first))


MODULES = {
    "linear": lambda: seeded(torch.nn.Linear(3, 2)),
    "sequential": lambda: seeded(torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Linear(2, 1, bias=False)))),
    "shared": shared, "tied": lambda: seeded(Tied()), "buffers": WithBuffers, "extra_state": WithExtraState, "batch_norm": lambda: seeded(torch.nn.BatchNorm1d(2)),
    "transformer": lambda: seeded(torch.nn.TransformerEncoderLayer(2, 1, 2)), "lstm": lambda: seeded(torch.nn.LSTM(2, 2)), "holder": Holder,
    "weight_norm": lambda: seeded(torch.nn.utils.weight_norm(torch.nn.Linear(2, 2))), "spectral_norm": spectral,
    "data_parallel": lambda: torch.nn.DataParallel(seeded(torch.nn.Linear(2, 2))),
    "graph": lambda: torch.fx.symbolic_trace(WithBuffers()), "empty": torch.nn.Identity, "half": lambda: seeded(torch.nn.Linear(2, 2)).half(),
}

# From a legacy file torch packs their weights before it has read them.
ZIP_ONLY = {"quantized_static": quantized_static, "quantized_dynamic": quantized_dynamic}


def write(folder):
    for name, make in MODULES.items():
        save_both(folder, f"modules_{name}", make)
    for name, make in ZIP_ONLY.items():
        folder.save(f"modules_{name}.pth", make)
