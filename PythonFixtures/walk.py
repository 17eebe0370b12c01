"""What a loaded checkpoint holds, as rows: every tensor with its facts, every value with its repr.

Paths are those of `pth inspect --json`: dictionary keys (strings and ints as they are, anything else its repr), list
and tuple indices, the keys of an object's state dictionary, and "<args>" for what hangs below constructor arguments.
"""
import collections
import copyreg
import datetime
import decimal
import enum
import fractions
import hashlib
import math
import pathlib
import types
import uuid

import numpy
import torch

FEW, SHALLOW, LONG = 64, 32, 2000   # how many entries, how deep, how many characters are listed in full
LEAVES = (slice, range, datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo, pathlib.PurePath, enum.Enum,
          fractions.Fraction, decimal.Decimal, uuid.UUID,
          type(...), type(NotImplemented), torch.device, torch.dtype, torch.layout, torch.memory_format, torch.qscheme)


def short(dtype):
    return str(dtype).replace("torch.", "")


def key_of(key):
    return key if isinstance(key, (str, int)) and not isinstance(key, bool) else repr(key)


def logical_bytes(tensor):
    """Row-major little-endian element bytes. Quantized tensors give their integers, packed ones their packed bytes."""
    tensor = tensor.detach().resolve_conj().resolve_neg()
    if tensor.is_quantized:
        tensor = tensor.int_repr()
    storage, size = tensor.untyped_storage(), tensor.element_size()
    if tensor.numel() == 0:
        return b""
    raw = torch.empty(0, dtype=torch.uint8).set_(storage)
    starts = torch.zeros((), dtype=torch.int64) + tensor.storage_offset() * size
    for length, stride in zip(tensor.shape, tensor.stride()):
        starts = starts.unsqueeze(-1) + torch.arange(length) * stride * size
    return raw[(starts.reshape(-1, 1) + torch.arange(size)).reshape(-1)].numpy().tobytes()


def number(value):
    """A JSON number, or a string where JSON has none: "nan", "inf", "-inf", "-0.0", integers beyond 2**53."""
    if isinstance(value, complex):
        return [number(value.real), number(value.imag)]
    if isinstance(value, int):
        return value if abs(value) <= 1 << 53 else str(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value) or (value == 0 and math.copysign(1, value) < 0):
        return str(value)
    return value


def elements(tensor):
    """The elements as numbers, or None for a dtype that torch only stores."""
    tensor = tensor.detach().resolve_conj().resolve_neg()
    try:
        tensor = tensor.int_repr() if tensor.is_quantized else tensor
        if tensor.dtype == torch.bool:
            return [int(v) for v in tensor.reshape(-1).tolist()]
        if tensor.dtype.is_complex:
            return [number(v) for v in tensor.to(torch.complex128).reshape(-1).tolist()]
        if tensor.dtype.is_floating_point:
            return [number(v) for v in tensor.to(torch.float64).reshape(-1).tolist()]
        return [number(v) for v in tensor.reshape(-1).tolist()]
    except (RuntimeError, NotImplementedError, TypeError):
        return None


class Walker:
    """Walks depth first, each container once, at its first path."""

    def __init__(self, locations):
        self.locations, self.tensors, self.values = locations, [], []
        self.seen, self.storages, self.kept = {}, {}, []

    def storage(self, untyped):
        self.kept.append(untyped)
        return str(self.storages.setdefault(untyped._cdata, len(self.storages)))

    def device(self, untyped, default):
        return self.locations.get(untyped._cdata, default)

    # Tensors

    def tensor(self, path, tensor):
        row = {"path": path, **self.facts(tensor)}
        if getattr(tensor, "__dict__", {}) and row["layout"] != "jagged":
            row["attributes"] = self.attributes(tensor)
        if type(tensor) not in (torch.Tensor, torch.nn.Parameter):
            row["class"] = f"{type(tensor).__module__}.{type(tensor).__qualname__}"
        self.tensors.append(row)

    def facts(self, tensor):
        flags = {"requiresGrad": tensor.requires_grad, "parameter": isinstance(tensor, torch.nn.Parameter)}
        if isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin):
            return {"dtype": short(tensor.dtype), "layout": "uninitialized", "device": tensor.device.type, **flags}
        if tensor.is_nested:
            return {**(self.jagged(tensor) if tensor.layout == torch.jagged else self.nested(tensor)), **flags}
        if self.is_wrapper(tensor):
            return {**self.wrapper(tensor), **flags}
        if tensor.layout != torch.strided:
            return {**self.sparse(tensor), **flags}
        row = {"dtype": short(tensor.dtype), "shape": list(tensor.shape), "stride": list(tensor.stride()), "offset": tensor.storage_offset(),
               "layout": "strided", "device": "meta", **flags}
        if tensor.is_meta:
            return row
        row["device"] = self.device(tensor.untyped_storage(), tensor.device.type)
        row["storage"] = self.storage(tensor.untyped_storage())
        row.update({k: True for k, flag in (("conj", tensor.is_conj()), ("neg", tensor.is_neg())) if flag})
        if tensor.is_quantized:
            row["quantization"] = self.quantization(tensor)
        row["sha256"] = hashlib.sha256(logical_bytes(tensor)).hexdigest()
        listed = elements(tensor) if tensor.numel() <= FEW else None
        if listed is not None:
            row["elements"] = listed
        return row

    def quantization(self, tensor):
        scheme = short(tensor.qscheme())
        if scheme.startswith("per_tensor"):
            return {"scheme": scheme, "scale": tensor.q_scale(), "zeroPoint": tensor.q_zero_point()}
        return {"scheme": scheme, "axis": tensor.q_per_channel_axis(), "scales": self.facts(tensor.q_per_channel_scales()),
                "zeroPoints": self.facts(tensor.q_per_channel_zero_points())}

    def sparse(self, tensor):
        row = {"dtype": short(tensor.dtype), "shape": list(tensor.shape), "layout": short(tensor.layout)}
        if tensor.layout == torch.sparse_coo:
            parts = {"indices": tensor._indices(), "values": tensor._values()}
            row["coalesced"] = tensor.is_coalesced()
        elif tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
            parts = {"crow_indices": tensor.crow_indices(), "col_indices": tensor.col_indices(), "values": tensor.values()}
        else:
            parts = {"ccol_indices": tensor.ccol_indices(), "row_indices": tensor.row_indices(), "values": tensor.values()}
        row["parts"] = {name: self.facts(part.detach()) for name, part in parts.items()}
        row["device"] = row["parts"]["values"]["device"]
        return row

    def nested(self, tensor):
        func, args = tensor.__reduce_ex__(2)[:2]
        buffer, sizes, strides, offsets = args if func is torch._utils._rebuild_nested_tensor else args[1]
        parts = {"buffer": buffer, "sizes": sizes, "strides": strides, "offsets": offsets}
        parts = {name: self.facts(part) for name, part in parts.items()}
        return {"dtype": short(tensor.dtype), "layout": "nested", "device": parts["buffer"]["device"], "parts": parts}

    def jagged(self, tensor):
        parts = {"values": tensor._values, "offsets": tensor._offsets, "lengths": tensor._lengths}
        parts = {name: self.facts(part.detach()) for name, part in parts.items() if part is not None}
        return {"dtype": short(tensor.dtype), "layout": "jagged", "device": parts["values"]["device"], "raggedDimension": tensor._ragged_idx, "parts": parts}

    def is_wrapper(self, tensor):
        return type(tensor).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__

    def wrapper(self, tensor):
        """A tensor without a storage: what it claims, and the tensors among its attributes. Nothing of it is read."""
        parts = {name: self.facts(part) for name, part in sorted(vars(tensor).items()) if isinstance(part, torch.Tensor)}
        return {"dtype": short(tensor.dtype), "shape": list(tensor.shape), "stride": list(tensor.stride()), "offset": tensor.storage_offset(),
                "layout": "wrapper", "device": tensor.device.type, "parts": parts}

    def bare_storage(self, path, storage):
        untyped = storage if isinstance(storage, torch.UntypedStorage) else storage.untyped()
        data = torch.empty(0, dtype=torch.uint8).set_(untyped).numpy().tobytes()
        dtype = short(storage.dtype) if isinstance(storage, torch.storage.TypedStorage) else "uint8"
        self.values.append({"path": path, "type": "storage", "dtype": dtype, "bytes": len(data), "device": self.device(untyped, "cpu"),
                            "storage": self.storage(untyped), "sha256": hashlib.sha256(data).hexdigest()})

    # Values

    def record(self, path, quiet, row):
        if not quiet:
            self.values.append({"path": path, **row})

    def visit(self, path, value, quiet=False):
        if isinstance(value, torch.Tensor):
            self.tensor(path, value)
        elif isinstance(value, (torch.UntypedStorage, torch.storage.TypedStorage)):
            self.bare_storage(path, value)
        elif self.is_leaf(value):
            self.record(path, quiet, self.leaf(value))
        elif id(value) in self.seen:
            self.record(path, quiet, {"type": self.name(value), "sameAs": self.seen[id(value)]})
        else:
            self.seen[id(value)] = path
            self.kept.append(value)
            self.container(path, value, quiet)

    def is_leaf(self, value):
        scalars = (bool, int, float, complex, str, bytes, bytearray, set, frozenset, type, torch.Size)
        functions = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
        return (value is None or (type(value) is tuple and not value) or isinstance(value, scalars + functions + LEAVES) or
                type(value).__module__.split(".")[0] == "numpy")

    def name(self, value):
        kind = type(value)
        return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"

    def leaf(self, value):
        kind = self.name(value)
        if isinstance(value, (types.MethodType, types.BuiltinMethodType)) and not isinstance(value.__self__, (types.ModuleType, type(None))):
            return {"type": "method", "method": value.__qualname__}
        if isinstance(value, numpy.ndarray):
            return self.array(kind, value)
        if isinstance(value, (numpy.bool_, numpy.number)) and not isinstance(value, numpy.timedelta64):
            return {"type": kind, "repr": repr(value), "value": number(value.item())}
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return {"type": "global", "global": f"{value.__module__}.{value.__qualname__}"}
        if isinstance(value, (set, frozenset)):
            return {"type": kind, "count": len(value), "items": sorted(map(repr, value))}
        if isinstance(value, torch.Size) or type(value) is tuple:
            return {"type": kind, "count": len(value), "repr": repr(value)}
        row = {"type": kind, "repr": repr(value)}
        if len(row["repr"]) > LONG:
            data = value.encode("utf-8", "surrogatepass") if kind == "str" else bytes(value)
            return {"type": kind, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        if kind == "str":
            row.update(self.text(value))
        if kind in ("bytes", "bytearray"):
            row["hex"] = value.hex()
        return row

    def array(self, kind, value):
        """An array of numpy: the bytes of its elements in row-major order, as the dtype orders them."""
        row = {"type": kind, "dtype": str(value.dtype), "shape": list(value.shape)}
        if value.flags.f_contiguous and not value.flags.c_contiguous:
            row["fortran"] = True
        if value.dtype.hasobject:
            return {**row, "items": [repr(item) for item in value.reshape(-1).tolist()]}
        return {**row, "sha256": hashlib.sha256(value.tobytes()).hexdigest()}

    def text(self, value):
        """Text where it is Unicode. A lone surrogate is not, and would make the whole manifest unreadable to strict
        JSON readers, so such a string is given as the hexadecimal of its (surrogate-passing) UTF-8."""
        try:
            value.encode()
            return {"text": value}
        except UnicodeEncodeError:
            return {"utf8": value.encode("utf-8", "surrogatepass").hex()}

    def container(self, path, value, quiet):
        if isinstance(value, dict):
            self.mapping(path, value, quiet)
        elif isinstance(value, (list, collections.deque)) or type(value) is tuple:
            self.record(path, quiet or len(path) > SHALLOW, {"type": self.name(value), "count": len(value)})
            self.children(path, list(enumerate(value)), quiet)
        else:
            self.object(path, value, quiet)

    def attributes(self, value):
        """The repr of each Python attribute; an OrderedDict's as a plain dict's, which is the same in every Python. The
        tensors among a wrapper's attributes are its parts."""
        plain = lambda item: dict(item) if isinstance(item, collections.OrderedDict) else item
        shown = lambda item: type(item).__qualname__ if isinstance(item, torch.Tensor) and self.is_wrapper(item) else repr(plain(item))
        return {name: shown(item) for name, item in sorted(vars(value).items())}

    def mapping(self, path, value, quiet):
        row = {"type": self.name(value), "count": len(value)}
        if len(value) <= FEW:
            row["keys"] = [repr(k) for k in value]
        if isinstance(value, collections.OrderedDict) and vars(value):
            row["attributes"] = self.attributes(value)
        self.record(path, quiet or len(path) > SHALLOW, row)
        self.children(path, [(key_of(k), v) for k, v in value.items()], quiet)

    def children(self, path, pairs, quiet):
        """All children, or of a long container all but the plain values in its middle."""
        for position, (key, child) in enumerate(pairs):
            middle = len(pairs) > FEW and 3 <= position < len(pairs) - 3
            self.visit(path + [key], child, quiet or middle)

    def object(self, path, value, quiet):
        """Any other object, as its pickle says it: constructor arguments, items, state."""
        self.record(path, quiet, {"type": "object", "class": f"{type(value).__module__}.{type(value).__qualname__}"})
        function, arguments, state, items, pairs = (tuple(value.__reduce_ex__(2)) + (None,) * 5)[:5]
        self.kept += [arguments, state]
        if function is copyreg.__newobj__:
            arguments = arguments[1:]
        for index, argument in enumerate(arguments):
            self.visit(path + ["<args>", index], argument, True)
        module = isinstance(value, torch.nn.Module)   # loading adds attributes that the file does not have
        for key, child in (state.items() if isinstance(state, dict) else ()):
            self.visit(path + [key_of(key)], child, quiet or module)
