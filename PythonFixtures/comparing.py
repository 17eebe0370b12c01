"""Whether two loaded checkpoints are the same: types, order, bits, and which places hold the same object or memory."""
import collections
import datetime
import enum
import pathlib
import struct
import types

import numpy
import torch

SINGLE = (type(None), bool, type(...), type(NotImplemented), type, types.FunctionType, types.BuiltinFunctionType, torch.dtype, torch.layout,
          torch.qscheme, torch.memory_format, enum.Enum)
EQUAL = (int, str, bytes, torch.Size, torch.device, slice, range, datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo, pathlib.PurePath)
STORAGES = (torch.UntypedStorage, torch.storage.TypedStorage)


class Difference(Exception):
    """Where two checkpoints differ, and how."""


class Path:
    """A chain of steps, so that deep structures cost no more than shallow ones."""

    def __init__(self, step="root", parent=None):
        self.step, self.parent = step, parent

    def __truediv__(self, step):
        return Path(step, self)

    def __str__(self):
        steps, path = [], self
        while path.parent is not None:
            steps.append(f"[{path.step!r}]" if len(repr(path.step)) < 80 else "[…]")
            path = path.parent
        return "root" + "".join(reversed(steps[:20])) + ("…" if len(steps) > 20 else "")


class Loaded:
    """A value and the device that the file names for each storage, by the storage's address."""

    def __init__(self, value, locations):
        self.value, self.locations = value, locations


class Pairing:
    """Objects of two sides that stand for each other: one for one, in both directions."""

    def __init__(self):
        self.left, self.right, self.kept = {}, {}, []

    def meet(self, path, first, second, what, kept=()):
        """Whether the two are new to each other; a difference if one of them belongs to a third."""
        self.kept.append(kept)
        if self.left.get(first, second) != second:
            raise Difference(f"{path}: one {what} became two")
        if self.right.get(second, first) != first:
            raise Difference(f"{path}: two {what}s became one")
        known = first in self.left
        self.left[first], self.right[second] = second, first
        return not known


def require(path, what, first, second):
    if first != second:
        raise Difference(f"{path}: {what} {short(second)}, expected {short(first)}")


def short(value):
    text = repr(value)
    return text if len(text) <= 100 else text[:100] + "…"


def bits(value):
    return struct.pack(">d", value).hex()


def raw(untyped):
    """All bytes of a storage."""
    return torch.empty(0, dtype=torch.uint8).set_(untyped)


def untyped_of(storage):
    return storage if isinstance(storage, torch.UntypedStorage) else storage.untyped()


def is_wrapper(tensor):
    """Whether it is of a subclass that looks like a tensor, without a storage."""
    return type(tensor).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__


def name_of(kind):
    return f"{kind.__module__}.{kind.__qualname__}"


class Comparer:
    """Walks both sides together, without recursion, until something differs.

    `memory` says how storages are compared (`memory.py` has the kinds).
    """

    def __init__(self, wanted, found, memory):
        self.wanted, self.found, self.memory = wanted, found, memory
        self.objects, self.todo = Pairing(), []

    def compare(self):
        self.push(Path(), self.wanted.value, self.found.value)
        while self.todo:
            self.visit(*self.todo.pop())
        self.memory.finish()

    def push(self, path, first, second):
        self.todo.append((path, first, second))

    def visit(self, path, first, second):
        require(path, "type", name_of(type(first)), name_of(type(second)))
        if isinstance(first, torch.Tensor):
            self.tensor(path, first, second)
        elif isinstance(first, STORAGES):
            self.storage(path, first, second)
        elif not self.is_leaf(path, first, second) and self.meet(path, first, second):
            self.container(path, first, second)

    def meet(self, path, first, second):
        return self.objects.meet(path, id(first), id(second), "object", (first, second))

    # What has no parts

    def is_leaf(self, path, first, second):
        """Compare the two if they are leaves."""
        if isinstance(first, types.BuiltinMethodType) and not isinstance(first.__self__, (types.ModuleType, type(None))):
            require(path, "method", (first.__qualname__, repr(first.__self__)), (second.__qualname__, repr(second.__self__)))
        elif isinstance(first, SINGLE):
            require(path, "value", repr(first), repr(second))
            require(path, "object", id(first), id(second))
        elif isinstance(first, EQUAL):
            require(path, "value", first, second)
        elif isinstance(first, float):
            require(path, "float bits", bits(first), bits(second))
        elif isinstance(first, complex):
            require(path, "complex bits", (bits(first.real), bits(first.imag)), (bits(second.real), bits(second.imag)))
        elif isinstance(first, (set, frozenset)):
            self.unordered(path, first, second)
        elif type(first).__module__.split(".")[0] == "numpy":
            self.numpy(path, first, second)
        else:
            return first == () and type(first) is tuple and second == ()
        return True

    def unordered(self, path, first, second):
        if isinstance(first, set):
            self.meet(path, first, second)
        require(path, "count", len(first), len(second))
        order = lambda items: sorted(items, key=lambda item: (name_of(type(item)), repr(item)))
        for one, other in zip(order(first), order(second)):
            self.push(path / "item", one, other)

    def numpy(self, path, first, second):
        if isinstance(first, numpy.ndarray):
            for what in ("dtype", "shape", "strides"):
                require(path, what, getattr(first, what), getattr(second, what))
            if self.meet(path, first, second) and first.dtype.hasobject:
                self.push(path / "items", first.reshape(-1).tolist(), second.reshape(-1).tolist())
            elif not first.dtype.hasobject:
                require(path, "array bytes", first.tobytes(), second.tobytes())
        elif isinstance(first, numpy.generic):
            require(path, "dtype and bytes", (first.dtype, first.tobytes()), (second.dtype, second.tobytes()))
        else:
            require(path, "value", first, second)

    # Containers

    def container(self, path, first, second):
        if isinstance(first, bytearray):
            require(path, "bytes", first, second)
        elif isinstance(first, dict):
            self.mapping(path, first, second)
        elif isinstance(first, (list, tuple, collections.deque)):
            self.sequence(path, first, second)
        else:
            self.object(path, first, second)

    def mapping(self, path, first, second):
        require(path, "count", len(first), len(second))
        for (key, value), (other_key, other_value) in zip(first.items(), second.items()):
            if type(key) is not type(other_key) or isinstance(key, (int, str)):
                require(path, "key", (name_of(type(key)), key), (name_of(type(other_key)), other_key))
            else:
                self.push(path / "key", key, other_key)
            self.push(path / key, value, other_value)
        if isinstance(first, collections.defaultdict):
            self.push(path / "default", first.default_factory, second.default_factory)
        self.attributes(path, first, second)

    def sequence(self, path, first, second):
        require(path, "count", len(first), len(second))
        if isinstance(first, collections.deque):
            require(path, "maxlen", first.maxlen, second.maxlen)
        for place, (one, other) in enumerate(zip(first, second)):
            self.push(path / place, one, other)
        self.attributes(path, first, second)

    def attributes(self, path, first, second):
        """Python attributes, such as `_metadata`."""
        one, other = getattr(first, "__dict__", {}), getattr(second, "__dict__", {})
        require(path, "attributes", list(one), list(other))
        for name in one:
            self.push(path / f".{name}", one[name], other[name])

    def object(self, path, first, second):
        """Any other object, as its pickle says it: class, arguments, state, items."""
        parts = [tuple(value.__reduce_ex__(2)) + (None,) * 3 for value in (first, second)]
        for what, place in (("class", 0), ("arguments", 1), ("state", 2)):
            self.push(path / what, parts[0][place], parts[1][place])
        for what, place in (("items", 3), ("entries", 4)):
            self.push(path / what, *(list(part[place] or ()) for part in parts))

    # Tensors

    def tensor(self, path, first, second):
        if not self.meet(path, first, second):
            return
        for what in ("dtype", "layout", "requires_grad", "is_nested", "is_quantized", "is_meta"):
            require(path, what, getattr(first, what), getattr(second, what))
        if first.layout == torch.jagged:
            return self.jagged(path, first, second)
        self.attributes(path, first, second)
        if first.is_nested:
            return self.object(path, first, second)
        if isinstance(first, torch.nn.parameter.UninitializedTensorMixin):
            return
        if is_wrapper(first):
            return self.wrapper(path, first, second)
        require(path, "shape", first.shape, second.shape)
        if first.layout != torch.strided:
            self.sparse(path, first, second)
        else:
            self.strided(path, first, second)

    def jagged(self, path, first, second):
        """Its attributes are these, and sizes that are other objects each time."""
        require(path, "ragged dimension", first._ragged_idx, second._ragged_idx)
        for name in ("_values", "_offsets", "_lengths"):
            one, other = (getattr(tensor, name) for tensor in (first, second))
            detached = isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor)
            self.push(path / name, *((one.detach(), other.detach()) if detached else (one, other)))

    def wrapper(self, path, first, second):
        """What it claims; nothing of it is read."""
        for what in ("shape", "stride", "storage_offset"):
            one, other = (getattr(tensor, what) for tensor in (first, second))
            require(path, what, *((one(), other()) if callable(one) else (one, other)))
        require(path, "device", self.wanted.locations.get(None, str(first.device)), str(second.device))

    def sparse(self, path, first, second):
        names = {torch.sparse_coo: ("_indices", "_values"), torch.sparse_csr: ("crow_indices", "col_indices", "values")}
        names[torch.sparse_bsr] = names[torch.sparse_csr]
        if first.layout == torch.sparse_coo:
            require(path, "is_coalesced", first.is_coalesced(), second.is_coalesced())
        for name in names.get(first.layout, ("ccol_indices", "row_indices", "values")):
            self.push(path / name, getattr(first.detach(), name)(), getattr(second.detach(), name)())

    def strided(self, path, first, second):
        require(path, "is_conj", first.is_conj(), second.is_conj())
        require(path, "is_neg", first.is_neg(), second.is_neg())
        if first.is_quantized:
            self.quantization(path, first, second)
        if first.is_meta:
            require(path, "stride", first.stride(), second.stride())
            require(path, "storage_offset", first.storage_offset(), second.storage_offset())
        else:
            self.devices(path, first.untyped_storage(), second.untyped_storage(), first.device.type)
            self.memory.tensor(path, first, second)

    def quantization(self, path, first, second):
        require(path, "qscheme", first.qscheme(), second.qscheme())
        if first.qscheme() in (torch.per_tensor_affine, torch.per_tensor_symmetric):
            require(path, "q_scale", bits(first.q_scale()), bits(second.q_scale()))
            return require(path, "q_zero_point", first.q_zero_point(), second.q_zero_point())
        require(path, "axis", first.q_per_channel_axis(), second.q_per_channel_axis())
        self.push(path / "scales", first.q_per_channel_scales(), second.q_per_channel_scales())
        self.push(path / "zero_points", first.q_per_channel_zero_points(), second.q_per_channel_zero_points())

    def storage(self, path, first, second):
        if isinstance(first, torch.storage.TypedStorage):
            require(path, "dtype", first.dtype, second.dtype)
        first, second = untyped_of(first), untyped_of(second)
        self.devices(path, first, second, "cpu")
        self.memory.storage(path, first, second)

    def devices(self, path, first, second, default):
        tags = self.wanted.locations.get(first._cdata, default), self.found.locations.get(second._cdata, default)
        require(path, "device", *tags)
