"""What training scripts save: state dicts, optimizers, schedulers, whole modules, device tags."""
import torch

from fixture_classes import Net, Tied
from saving import location_tags


def seeded(module):
    """Weights that do not depend on a random generator or on the machine's vector units."""
    with torch.no_grad():
        for number, parameter in enumerate(module.parameters()):
            parameter.copy_((torch.arange(parameter.numel()).reshape(parameter.shape) % 7 - 3) / 8 + number / 16)
    return module


def net():
    return seeded(Net())


def trained(optimizer_class, **options):
    """Three steps with gradients by hand, so that the optimizer has state."""
    model = net()
    optimizer = optimizer_class(model.parameters(), **options)
    for step in range(3):
        for parameter in model.parameters():
            parameter.grad = torch.full_like(parameter, 0.25 * (step + 1))
        optimizer.step()
    return model, optimizer


def checkpoint(optimizer_class, **options):
    model, optimizer = trained(optimizer_class, **options)
    return {"epoch": 3, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "loss": 0.125,
            "best": None, "args": {"lr": options["lr"], "name": "net"}, "history": [1.0, 0.5, 0.125]}


def two_groups():
    model = net()
    optimizer = torch.optim.AdamW([{"params": model.conv.parameters()}, {"params": model.head.parameters(), "lr": 0.5}], lr=0.25)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    return optimizer.state_dict()


def with_scheduler():
    model, optimizer = trained(torch.optim.SGD, lr=0.5, momentum=0.5)
    step = torch.optim.lr_scheduler.StepLR(optimizer, 2, 0.5)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    return {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step_lr": step.state_dict(), "cosine": cosine.state_dict(),
            "rng": torch.get_rng_state()[:64].clone()}


def lightning():
    """The shape that PyTorch Lightning gives a .ckpt."""
    model, optimizer = trained(torch.optim.Adam, lr=0.25)
    return {"epoch": 1, "global_step": 300, "pytorch-lightning_version": "2.0.0", "state_dict": model.state_dict(), "loops": {"fit_loop": {"state_dict": {}}},
            "callbacks": {"ModelCheckpoint{'monitor': None}": {"best_model_score": torch.tensor(0.5), "best_model_path": "epoch=1.ckpt"}},
            "optimizer_states": [optimizer.state_dict()], "lr_schedulers": [], "hyper_parameters": {"lr": 0.25}}


MAKERS = {
    "state_dict": lambda: net().state_dict(),
    "checkpoint_sgd": lambda: checkpoint(torch.optim.SGD, lr=0.5, momentum=0.5),
    "checkpoint_adam": lambda: checkpoint(torch.optim.Adam, lr=0.25),
    "checkpoint_adamw": lambda: checkpoint(torch.optim.AdamW, lr=0.25, weight_decay=0.125),
    "optimizer_two_groups": two_groups,
    "scheduler": with_scheduler,
    "lightning": lightning,
    "whole_module": net,
    "whole_sequential": lambda: seeded(torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.Linear(2, 1))),
    "tied_weights": lambda: seeded(Tied()).state_dict(),
    "tied_module": lambda: seeded(Tied()),
    "nested_state": lambda: {"model": {"encoder": net().state_dict(), "decoder": seeded(Tied()).state_dict()}, "step": 5},
    "data_parallel": lambda: {"state_dict": torch.nn.DataParallel(net()).state_dict(), "epoch": 1},
    "parameters": lambda: dict(net().named_parameters()),
    "module_list": lambda: [p for p in net().parameters()],
}

TAGS = {"cuda_0": lambda n: f"cuda:{0}", "cuda_1": lambda n: f"cuda:{1}", "mps": lambda n: "".join(["mps", ":0"]),
        "mixed": lambda n: ["cpu", f"cuda:{0}", f"cuda:{1}", f"xpu:{0}"][n % 4]}


def write(folder):
    for name, make in MAKERS.items():
        folder.save(f"training_{name}.pth", make)
    for name, tag in TAGS.items():
        with location_tags(tag):
            folder.save(f"device_{name}.pth", lambda: net().state_dict())
