"""Edits of a loaded checkpoint, as another program may make them in the file."""
import collections

import numpy
import torch

import typed
from comparing import STORAGES, is_wrapper, untyped_of

SCALARS = (str, bytes, int, float, complex, type(None), torch.Size, torch.dtype, torch.device)


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
        storages = [value for value in reachable(self.loaded.value) if isinstance(value, STORAGES)]
        replacements = {id(tensor): cast.tensor(tensor) for tensor in tensors if tensor.dtype.is_floating_point}
        self.replace({**replacements, **{id(storage): cast.bare(storage) for storage in storages}})
        self.kept.append((cast, tensors, storages))

    # Objects

    def replace(self, replacements):
        """Put other objects in the place of some, wherever they are. Mutable containers stay, tuples are made anew."""
        everything = reachable(self.loaded.value) + list(replacements.values())
        self.kept.append(everything)
        renewed = Renewed(replacements)
        for value in everything:
            if isinstance(value, dict):
                for key, item in list(value.items()):  # Counter.update would add.
                    value[key] = renewed.of(item)
            elif isinstance(value, (list, collections.deque)):
                for place, item in enumerate(value):
                    value[place] = renewed.of(item)
            if has_fields(value):
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
    if has_fields(value):
        yield from vars(value).values()


def has_fields(value):
    """Whether there are values in it by name; those of a jagged tensor only repeat what it is made of, and those of a
    storage are the same object as it."""
    inner = isinstance(value, torch.Tensor) and value.layout == torch.jagged
    return hasattr(value, "__dict__") and not inner and not isinstance(value, (type, *STORAGES))


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
        for tensor in tensors:
            tensor = values_of(tensor)
            if has_storage(tensor):
                self.dtypes[tensor.untyped_storage()._cdata].add(tensor.dtype)

    def tensor(self, tensor):
        if tensor.dtype == self.dtype or tensor.is_meta or isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin):
            return tensor
        result = self.data(tensor)
        if type(tensor) is torch.nn.Parameter:
            result = torch.nn.Parameter(result.detach(), requires_grad=tensor.requires_grad)
        elif tensor.layout == torch.jagged:
            return result
        elif not is_wrapper(tensor):
            result = result if type(tensor) is torch.Tensor else result.as_subclass(type(tensor))
            result.requires_grad_(tensor.requires_grad)
        vars(result).update(vars(tensor))
        return result

    def data(self, tensor):
        """The tensor without what is around it."""
        if tensor.is_nested:
            return self.nested(tensor)
        if is_wrapper(tensor):
            return torch.Tensor._make_wrapper_subclass(
                type(tensor), tensor.shape, strides=tensor.stride(), storage_offset=tensor.storage_offset(), dtype=self.dtype,
                layout=tensor.layout, device=tensor.device, requires_grad=tensor.requires_grad)
        if tensor.layout != torch.strided:
            return self.sparse(tensor.detach())
        return self.strided(tensor)

    def strided(self, tensor):
        flat = torch.empty(0, dtype=self.dtype).set_(
            self.storage(tensor), tensor.storage_offset(), tensor.shape, tensor.stride())
        return torch._neg_view(flat) if tensor.is_neg() else flat

    def sparse(self, tensor):
        """Over the same indices."""
        values = self.strided(values_of(tensor))
        if tensor.layout == torch.sparse_coo:
            return torch.sparse_coo_tensor(tensor._indices(), values, tensor.shape, is_coalesced=tensor.is_coalesced(), check_invariants=False)
        by_row = tensor.layout in (torch.sparse_csr, torch.sparse_bsr)
        indices = (tensor.crow_indices(), tensor.col_indices()) if by_row else (tensor.ccol_indices(), tensor.row_indices())
        return torch.sparse_compressed_tensor(*indices, values, tensor.shape, layout=tensor.layout, check_invariants=False)

    def nested(self, tensor):
        function, arguments = tensor.__reduce_ex__(2)[:2]
        if tensor.layout == torch.jagged:
            fields = arguments[2][0]
            return torch._tensor._rebuild_from_type_v2(
                arguments[0], arguments[1], ({**fields, "values": self.strided(fields["values"].detach())},), {})
        inner = arguments if function is torch._utils._rebuild_nested_tensor else arguments[1]
        return torch._utils._rebuild_nested_tensor(self.strided(inner[0]), *inner[1:])

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

    def bare(self, storage):
        """What a storage becomes that is there without a tensor: itself, unless a tensor over it was cast."""
        made = self.storages.get(untyped_of(storage)._cdata)
        if made is None or isinstance(storage, torch.UntypedStorage):
            return storage if made is None else made
        return torch.storage.TypedStorage(wrap_storage=made, dtype=self.dtype, _internal=True)


def values_of(tensor):
    """The tensor that has the values of one, which may be itself."""
    if tensor.layout == torch.sparse_coo:
        return tensor.detach()._values()
    if tensor.layout == torch.jagged:
        return tensor._values.detach()
    if tensor.is_nested:
        return tensor.detach().values()
    return tensor if tensor.layout == torch.strided else tensor.detach().values()


def has_storage(tensor):
    return not (tensor.is_meta or is_wrapper(tensor) or isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin))


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
