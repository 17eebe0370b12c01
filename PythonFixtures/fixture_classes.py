"""Classes that fixtures name. They live in a module of their own so that a pickle says `fixture_classes.Plain`
whichever script wrote it, and so that reading it back finds them."""
import collections
import dataclasses
import enum

import torch


class Plain:
    """An ordinary object: pickled as its class and its __dict__."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class ReducedWithTensor:
    """An object whose constructor arguments hold a tensor."""

    def __init__(self, tensor, label):
        self.tensor, self.label = tensor, label

    def __reduce__(self):
        return ReducedWithTensor, (self.tensor, self.label)


class Colour(enum.Enum):
    RED = 1
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Word(str, enum.Enum):
    YES = "yes"


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Settings:
    rate: float = 0.5
    layers: list = dataclasses.field(default_factory=lambda: [1, 2])


class Slotted:
    """An object without a __dict__: its state is a pair of None and the slots."""
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left, self.right = left, right


class Old:
    """Stands for a class of Python 2 that does not inherit from object."""


class TaggedTensor(torch.Tensor):
    """A tensor subclass without state of its own."""


class WrapperTensor(torch.Tensor):
    """A tensor subclass without data: it looks like a tensor and keeps others as attributes."""

    @staticmethod
    def __new__(cls, inner, scale):
        return torch.Tensor._make_wrapper_subclass(cls, inner.shape, dtype=torch.float32, device="cpu", requires_grad=False)

    def __init__(self, inner, scale):
        self.inner, self.scale = inner, scale

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        raise NotImplementedError(f"{function} on a tensor that only stands for others")


class Net(torch.nn.Module):
    """Convolution, batch norm (which has integer and float buffers) and a linear layer."""

    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(2, 3, 3)
        self.norm = torch.nn.BatchNorm2d(3)
        self.head = torch.nn.Linear(3, 2)


class Tied(torch.nn.Module):
    """Two names for one weight, as language models tie embedding and output."""

    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(5, 4)
        self.output = torch.nn.Linear(4, 5, bias=False)
        self.output.weight = self.embedding.weight


class WithBuffers(torch.nn.Module):
    """A parameter, buffers of which one is not part of the state dict, a parameter and a buffer that are None."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.arange(4.0).reshape(2, 2))
        self.register_parameter("bias", None)
        self.register_buffer("mean", torch.tensor([0.5, 1.5]))
        self.register_buffer("cache", torch.tensor([9.0]), persistent=False)
        self.register_buffer("nothing", None)

    def forward(self, x):
        return x @ self.weight + self.mean


class WithExtraState(torch.nn.Module):
    """A state dict with an entry that is no tensor."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(2))
        self.steps = 3

    def get_extra_state(self):
        return {"steps": self.steps}

    def set_extra_state(self, state):
        self.steps = state["steps"]


class Holder(torch.nn.Module):
    """Parameters in a list and in a dictionary."""

    def __init__(self):
        super().__init__()
        self.listed = torch.nn.ParameterList([torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.zeros(1))])
        self.named = torch.nn.ParameterDict({"b": torch.nn.Parameter(torch.ones(1)), "a": torch.nn.Parameter(torch.zeros(2))})
        self.modules_by_name = torch.nn.ModuleDict({"last": torch.nn.Linear(1, 1), "first": torch.nn.Linear(2, 1)})


def a_function(x):
    return x
