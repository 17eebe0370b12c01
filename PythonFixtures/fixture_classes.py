"""Classes that fixtures name. They live in a module of their own so that a pickle says `fixture_classes.Plain`
whichever script wrote it, and so that reading it back finds them."""
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


class TaggedTensor(torch.Tensor):
    """A tensor subclass without state of its own."""


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


def a_function(x):
    return x
