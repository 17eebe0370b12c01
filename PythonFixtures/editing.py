"""Edits of a loaded checkpoint, as another program may make them in the file."""
import collections

import numpy
import torch

import typed

SCALARS = (str, bytes, int, float, complex, type(None), torch.Size, torch.Tensor, torch.dtype, torch.device)


class Edited:
    """A loaded checkpoint under edits, and how to compare its memory afterwards."""

    def __init__(self, loaded):
        self.loaded = loaded
        self.any_nan, self.compact, self.kept = False, None, []

    def apply(self, edit):
        getattr(self, "op_" + edit["op"])(edit)

    # Places

    def step(self, value, step):
        """(the container, the key in it) that a step of a path names."""
        if isinstance(step, dict) and "attribute" in step:
            return vars(value), step["attribute"]
        key = typed.made(step) if isinstance(step, dict) else step
        return (value if isinstance(value, (dict, list, tuple, collections.deque)) else vars(value)), key

    def at(self, path):
        value = self.loaded.value
        for step in path:
            container, key = self.step(value, step)
            value = container[key]
        return value

    def put(self, path, value):
        """Put a value at a path. Tuples on the way are replaced, everywhere that they are."""
        if not path:
            self.loaded.value = value
            return
        container, key = self.step(self.at(path[:-1]), path[-1])
        if isinstance(container, tuple):
            items = list(container)
            items[key] = value
            self.replace({id(container): tuple.__new__(type(container), items)})
        elif isinstance(container, list) and key == len(container):
            container.append(value)
        else:
            container[key] = value

    # Operations

    def op_set(self, edit):
        self.put(edit["path"], typed.made(edit["value"]))

    def op_remove(self, edit):
        container, key = self.step(self.at(edit["path"][:-1]), edit["path"][-1])
        if isinstance(container, tuple):
            self.replace({id(container): tuple.__new__(type(container), [v for i, v in enumerate(container) if i != key])})
        else:
            del container[key]

    def op_rename(self, edit):
        """The entry keeps its place."""
        container, key = self.step(self.at(edit["path"][:-1]), edit["path"][-1])
        name = typed.made(edit["key"]) if isinstance(edit["key"], dict) else edit["key"]
        if key not in container or name in container:
            raise KeyError(f"{key} can't become {name}")
        entries = [(name if other == key and type(other) is type(key) else other, value) for other, value in container.items()]
        container.clear()
        container.update(entries)

    def op_tensor(self, edit):
        tensor = tensor_of(edit)
        self.any_nan = self.any_nan or "nan" in str(edit.get("elements"))
        if edit.get("inPlace"):
            self.at(edit["path"]).detach().copy_(tensor)
            return
        self.kept.append(tensor.untyped_storage())
        self.loaded.locations[tensor.untyped_storage()._cdata] = edit.get("device", "cpu")
        if edit.get("parameter"):
            tensor = torch.nn.Parameter(tensor, requires_grad=edit.get("requiresGrad", False))
        self.put(edit["path"], tensor.requires_grad_(edit.get("requiresGrad", False)))

    def op_device(self, edit):
        self.loaded.locations = Everywhere(edit["device"])

    def op_sub(self, edit):
        self.loaded.value = self.at(edit["path"])

    def op_compact(self, edit):
        self.compact = {"size": edit.get("size"), "split": edit.get("split", False)}

    def op_cast(self, edit):
        self.any_nan = True
        tensors = [value for value in reachable(self.loaded.value) if isinstance(value, torch.Tensor)]
        cast = Cast(getattr(torch, edit["dtype"]), tensors, self.loaded.locations)
        self.replace({id(tensor): cast.tensor(tensor) for tensor in tensors if tensor.dtype.is_floating_point})
        self.kept.append((cast, tensors))

    # Objects

    def replace(self, replacements):
        """Put other objects in the place of some, wherever they are. Mutable containers stay, tuples are made anew."""
        everything = reachable(self.loaded.value)
        self.kept.append(everything)
        renewed = Renewed(replacements)
        for value in everything:
            if isinstance(value, dict):
                for key, item in list(value.items()):  # Counter.update would add.
                    value[key] = renewed.of(item)
            elif isinstance(value, (list, collections.deque)):
                for place, item in enumerate(value):
                    value[place] = renewed.of(item)
            if not isinstance(value, (type, torch.Tensor)) and hasattr(value, "__dict__"):
                vars(value).update({name: renewed.of(item) for name, item in vars(value).items()})
        self.loaded.value = renewed.of(self.loaded.value)


class Everywhere(dict):
    """Locations that are all the same."""

    def __init__(self, device):
        super().__init__()
        self.device = device

    def get(self, key, default=None):
        return super().get(key, self.device)


class Renewed:
    """What stands in an object's place. Tuples cannot contain themselves but through something mutable, which stays, so
    going down through tuples ends."""

    def __init__(self, replacements):
        self.replacements = dict(replacements)

    def of(self, value):
        if id(value) in self.replacements or not isinstance(value, tuple):
            return self.replacements.get(id(value), value)
        items = [self.of(item) for item in value]
        same = all(new is old for new, old in zip(items, value))
        self.replacements[id(value)] = value if same else tuple.__new__(type(value), items)
        return self.replacements[id(value)]


def children(value):
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, (list, tuple, collections.deque)):
        yield from value
    if not isinstance(value, (type, torch.Tensor)):
        yield from getattr(value, "__dict__", {}).values()


def reachable(root):
    """Every object below the root once, tensors too."""
    found, todo = {}, [root]
    while todo:
        value = todo.pop()
        if id(value) in found:
            continue
        found[id(value)] = value
        if not isinstance(value, SCALARS):
            todo += children(value)
    return list(found.values())


class Cast:
    """Floating tensors in another dtype, over storages that are shared as before."""

    def __init__(self, dtype, tensors, locations):
        self.dtype, self.locations, self.storages = dtype, locations, {}
        self.dtypes = collections.defaultdict(set)
        for tensor in filter(has_storage, tensors):
            self.dtypes[tensor.untyped_storage()._cdata].add(tensor.dtype)

    def tensor(self, tensor):
        if tensor.dtype == self.dtype:
            return tensor
        if not has_storage(tensor):
            return tensor.to(self.dtype)
        flat = torch.empty(0, dtype=self.dtype).set_(
            self.storage(tensor), tensor.storage_offset(), tensor.shape, tensor.stride())
        if tensor.is_neg():
            flat = torch._neg_view(flat)
        result = flat.as_subclass(type(tensor)).requires_grad_(tensor.requires_grad)
        if isinstance(tensor, torch.nn.Parameter):
            result = torch.nn.Parameter(flat.detach(), requires_grad=tensor.requires_grad)
        vars(result).update(vars(tensor))
        return result

    def storage(self, tensor):
        storage = tensor.untyped_storage()
        if len(self.dtypes[storage._cdata]) > 1:
            raise ValueError("tensors of several dtypes share the storage")
        if storage._cdata not in self.storages:
            made = torch.empty(0, dtype=tensor.dtype).set_(storage).to(self.dtype).untyped_storage()
            self.storages[storage._cdata] = made
            if storage._cdata in self.locations:
                self.locations[made._cdata] = self.locations[storage._cdata]
        return self.storages[storage._cdata]


def has_storage(tensor):
    return tensor.layout == torch.strided and not tensor.is_meta and not tensor.is_nested


def element(value):
    return complex(*map(float, value)) if isinstance(value, list) else float(value)


def tensor_of(edit):
    """A new tensor from `hex`, its bytes, or `elements`: numbers, or text such as "nan" and "-0.0"."""
    dtype = getattr(torch, edit["dtype"])
    if "hex" in edit:
        data = bytearray.fromhex(edit["hex"])
        flat = torch.frombuffer(data, dtype=torch.uint8).clone() if data else torch.empty(0, dtype=torch.uint8)
        return torch.empty(0, dtype=dtype).set_(flat.untyped_storage()).reshape(edit["shape"])
    if dtype.is_complex:
        return torch.tensor([element(v) for v in edit["elements"]], dtype=torch.complex128).to(dtype).reshape(edit["shape"])
    if dtype.is_floating_point:
        return torch.tensor([element(v) for v in edit["elements"]], dtype=torch.float64).to(dtype).reshape(edit["shape"])
    kind = {torch.uint16: numpy.uint16, torch.uint32: numpy.uint32, torch.uint64: numpy.uint64}.get(dtype, numpy.int64)
    return torch.from_numpy(numpy.array([int(v) for v in edit["elements"]], dtype=kind)).to(dtype).reshape(edit["shape"])
