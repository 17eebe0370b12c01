from typing import Dict, Final, List, Optional, Tuple

import torch


class Inner(torch.nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = weight
        self.register_buffer("count", torch.tensor([1, 2, 3]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.weight


class Outer(torch.nn.Module):
    """Modules in modules, of which two have one parameter, and a list of modules."""

    def __init__(self):
        super().__init__()
        weight = torch.nn.Parameter(torch.arange(3.0))
        self.first, self.second = Inner(weight), Inner(weight)
        self.layers = torch.nn.ModuleList([Inner(torch.nn.Parameter(torch.ones(3).half())), torch.nn.Identity()])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
        return self.second(self.first(x))


class Attributes(torch.nn.Module):
    """Attributes of every type that TorchScript has, and constants in code."""
    scale: Final[float]
    numbers: List[int]
    names: Dict[str, int]
    tensors: Dict[str, torch.Tensor]
    nothing: Optional[torch.Tensor]

    def __init__(self):
        super().__init__()
        self.scale, self.steps, self.rate, self.label, self.flag = 2.5, 7, 0.5, "label é", True
        self.numbers, self.names, self.pair = [1, 2, 3], {"a": 1, "b": 2}, (1, "two")
        self.tensors, self.listed, self.nothing = {"t": torch.arange(2.0)}, [torch.ones(1), torch.zeros(2, dtype=torch.int64)], None
        self.flags, self.rates, self.keyed = [True, False], [0.5, 1.5], {1: "one"}
        self.device, self.weight = torch.device("cpu"), torch.nn.Parameter(torch.ones(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.weight * self.scale + len(self.numbers) + self.tensors["t"]


class Weighted(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(3, 2)
        self.register_buffer("mean", torch.tensor([0.5, -0.5]))
        self.register_buffer("cache", torch.tensor([1.0, 2.0]), persistent=False)
        self.plain = torch.tensor([3.0, 4.0])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x) + self.mean + self.cache + self.plain + torch.tensor([5.0, 6.0])


class Tied(torch.nn.Module):
    """For torch.export: one weight under two names, a constant, a nested module."""

    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(2, 2)
        self.second = torch.nn.Linear(2, 2, bias=False)
        self.second.weight = self.first.weight
        self.register_buffer("offset", torch.tensor([1, 2], dtype=torch.int32))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.second(self.first(x)) + self.offset
