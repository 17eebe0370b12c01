"""Every kind of tensor that is not plain: quantized, sparse, nested, meta, lazy, subclasses, wrappers, storages."""
import torch

from fixture_classes import TaggedTensor, WrapperTensor
from matrix_tensors import numbers
from saving import save_entries

FLOATS = "float64 float32 float16 bfloat16".split()
COMPLEX = "complex32 complex64 complex128".split()
INTEGERS = "int64 int32 int16 int8 uint8 bool".split()
STORED = "uint16 uint32 uint64 float8_e4m3fn float8_e5m2 float8_e8m0fnu float4_e2m1fn_x2 bits8 bits16".split()


def each(names, make):
    """One entry per dtype that this torch has."""
    return {name: (lambda name=name: make(name, getattr(torch, name))) for name in names if hasattr(torch, name)}


def values(name, dtype, shape):
    return numbers(name, dtype, shape)


# Quantized

def per_tensor(scale, zero):
    return lambda name, dtype: torch.quantize_per_tensor(torch.tensor([[-1.0, -0.25, 0.0], [0.5, 1.0, 7.5]]), scale, zero, dtype)


def per_channel(dtype, shape, axis, scales, zeros, parameters=(torch.float64, torch.int64)):
    data = (torch.arange(torch.Size(shape).numel()).reshape(shape) % 7 - 3) / 4
    return torch.quantize_per_channel(data, torch.tensor(scales, dtype=parameters[0]), torch.tensor(zeros, dtype=parameters[1]), axis, dtype)


def quantized():
    floats = (torch.float32, torch.float32)
    makers = {}
    for kind in ("qint8", "quint8", "qint32"):
        dtype, low = getattr(torch, kind), 0 if kind == "quint8" else -9
        makers.update({
            f"{kind}_affine": lambda dtype=dtype, low=low: per_tensor(0.1, low or 250)(None, dtype),
            f"{kind}_symmetric": lambda dtype=dtype: per_tensor(2.0 ** -4, 0)(None, dtype),
            f"{kind}_sliced": lambda dtype=dtype: per_tensor(0.125, 1)(None, dtype)[:, 1:],
            f"{kind}_axis_0": lambda dtype=dtype, low=low: per_channel(dtype, (2, 3), 0, [0.1, 0.25], [low, 5]),
            f"{kind}_axis_1": lambda dtype=dtype, low=low: per_channel(dtype, (2, 3), 1, [0.1, 0.25, 3.0], [0, low, 7]),
            f"{kind}_axis_2": lambda dtype=dtype: per_channel(dtype, (2, 1, 3), 2, [0.5, 0.25, 1.0], [0, 0, 0]),
        })
    for kind in ("quint8", "quint4x2", "quint2x4"):
        dtype = getattr(torch, kind, None)
        makers[f"{kind}_float_qparams"] = lambda dtype=dtype: per_channel(dtype, (3, 4), 0, [0.1, 0.2, 0.4], [0.0, -1.5, 2.0], floats)
        if kind == "quint8":   # the packed ones leave what fills up a byte as it was in memory
            makers[f"{kind}_float_qparams_odd"] = lambda dtype=dtype: per_channel(dtype, (2, 5), 0, [0.1, 0.2], [-3.0, 1.0], floats)
    return makers


# Sparse

ROWS = torch.tensor([[0, 1, 1, 0], [2, 0, 2, 2]])


def coo(name, dtype):
    return torch.sparse_coo_tensor(ROWS[:, :3], values(name, dtype, (3,)), (2, 3))


def sparse_coo():
    f = lambda *shape: values("float32", torch.float32, shape)
    parameter = lambda: torch.nn.Parameter(torch.sparse_coo_tensor(ROWS[:, :3], f(3), (2, 3)))
    return {
        **each(FLOATS + COMPLEX[1:] + INTEGERS, coo),
        "coalesced": lambda: torch.sparse_coo_tensor(ROWS[:, :3].flip(1), f(3), (2, 3)).coalesce(),
        "uncoalesced": lambda: torch.sparse_coo_tensor(ROWS, f(4), (2, 3)),
        "hybrid": lambda: torch.sparse_coo_tensor(ROWS, f(4, 2, 1), (2, 3, 2, 1)),
        "hybrid_transposed_values": lambda: torch.sparse_coo_tensor(ROWS, f(2, 4).t(), (2, 3, 2)),
        "vector": lambda: torch.sparse_coo_tensor(torch.tensor([[4, 1]]), f(2), (6,)),
        "empty": lambda: torch.sparse_coo_tensor((2, 3)),
        "empty_hybrid": lambda: torch.sparse_coo_tensor(torch.zeros(2, 0, dtype=torch.int64), f(0, 2), (2, 3, 2)),
        "zero_size": lambda: torch.sparse_coo_tensor(torch.zeros(2, 0, dtype=torch.int64), f(0), (0, 3)),
        "scalar": lambda: torch.sparse_coo_tensor(torch.zeros(0, 2, dtype=torch.int64), f(2), ()),
        "requires_grad": lambda: torch.sparse_coo_tensor(ROWS, f(4), (2, 3), requires_grad=True),
        "parameter": parameter,
    }


def dense():
    return torch.tensor([[0.0, 1.0, 0.0, 2.0], [3.0, 0.0, 0.0, 0.0]])


def blocks(layout, dtype=torch.float32):
    return dense().to(dtype).to_sparse(layout=layout, blocksize=(1, 2) if layout in (torch.sparse_bsr, torch.sparse_bsc) else None)


def compressed(kind):
    layout = getattr(torch, f"sparse_{kind}")
    by_row = kind in ("csr", "bsr")
    make = getattr(torch, f"sparse_{kind}_tensor")
    block = (1, 2) if kind.startswith("b") else ()
    count = 2 if by_row else 4 // (2 if block else 1)
    dtypes = FLOATS + ["complex128", "int64", "uint8", "bool"] if kind == "csr" else ["complex64", "bool"]
    pointers = [0, 1] + [2] * (count - 1)
    plain = [0, 1]

    def tensor(dtype=torch.float32, index=torch.int64, batch=(), dense=(), **options):
        shape = batch + (2,) + block + dense
        data = values("float32", torch.float32, shape).to(dtype)
        rows = torch.tensor(pointers, dtype=index).expand(batch + (count + 1,)).contiguous()
        columns = torch.tensor(plain, dtype=index).expand(batch + (2,)).contiguous()
        return make(rows, columns, data, batch + (2, 4) + dense, **options)

    nothing = lambda: make(torch.zeros(count + 1, dtype=torch.int64), torch.zeros(0, dtype=torch.int64), torch.zeros((0,) + block), (2, 4))
    return {
        **{f"{kind}_{name}": maker for name, maker in each(dtypes, lambda name, dtype: tensor(dtype)).items()},
        f"{kind}_int32_indices": lambda: tensor(index=torch.int32),
        f"{kind}_batched": lambda: tensor(batch=(2,)),
        f"{kind}_hybrid": lambda: tensor(dense=(2,)),
        f"{kind}_batched_hybrid": lambda: tensor(batch=(2,), dense=(3,)),
        f"{kind}_empty": nothing,
        f"{kind}_requires_grad": lambda: tensor(requires_grad=True),
        f"{kind}_converted": lambda: blocks(layout),
    }


# Nested

def pieces(name, dtype):
    return [values(name, dtype, (2, 3)), values(name, dtype, (1, 3)), values(name, dtype, (4, 3))]


def nested():
    strided = lambda name, dtype: torch.nested.nested_tensor(pieces(name, dtype))
    f = lambda *shape: values("float32", torch.float32, shape)
    return {
        **each(FLOATS + COMPLEX[1:] + INTEGERS, strided),
        "ragged_twice": lambda: torch.nested.nested_tensor([f(2, 3), f(3, 1)]),
        "three_d": lambda: torch.nested.nested_tensor([f(2, 3, 2), f(1, 2, 2)]),
        "transposed": lambda: strided("float32", torch.float32).transpose(1, 2),
        "with_an_empty_piece": lambda: torch.nested.nested_tensor([f(0, 3), f(2, 3)]),
        "one_piece": lambda: torch.nested.nested_tensor([f(2)]),
        "requires_grad": lambda: torch.nested.nested_tensor([f(2), f(3)], requires_grad=True),
    }


def jagged():
    make = lambda name, dtype: torch.nested.nested_tensor(pieces(name, dtype), layout=torch.jagged)
    f = lambda *shape: values("float32", torch.float32, shape)
    offsets = lambda: torch.tensor([0, 2, 2, 7])
    return {
        **each(FLOATS + COMPLEX[1:] + INTEGERS, make),
        "from_jagged": lambda: torch.nested.nested_tensor_from_jagged(f(7, 2), offsets()),
        "int32_offsets": lambda: torch.nested.nested_tensor_from_jagged(f(7), offsets().to(torch.int32)),
        "with_lengths": lambda: torch.nested.nested_tensor_from_jagged(f(7, 2), offsets(), lengths=torch.tensor([1, 0, 4])),
        "transposed": lambda: make("float32", torch.float32).transpose(1, 2),
        "ragged_last": lambda: torch.nested.nested_tensor_from_jagged(f(2, 7), offsets(), jagged_dim=2),
        "requires_grad": lambda: torch.nested.nested_tensor([f(2), f(3)], layout=torch.jagged, requires_grad=True),
    }


# Meta, lazy, subclasses

def meta():
    return {
        **each(FLOATS + COMPLEX + INTEGERS + STORED, lambda name, dtype: torch.empty(2, 3, dtype=dtype, device="meta")),
        "scalar": lambda: torch.empty((), device="meta"), "transposed": lambda: torch.empty(2, 3, device="meta").t(),
        "expanded": lambda: torch.empty(3, 1, device="meta").expand(3, 4), "empty": lambda: torch.empty(0, 3, device="meta"),
        "requires_grad": lambda: torch.empty(2, device="meta", requires_grad=True),
        "parameter": lambda: torch.nn.Parameter(torch.empty(2, 3, device="meta")),
        "large": lambda: torch.empty(1 << 20, 1 << 20, device="meta"),
    }


def lazy():
    base = lambda name, dtype: values(name, dtype, (2, 2))
    return {
        **{f"conj_{name}": maker for name, maker in each(COMPLEX, lambda name, dtype: base(name, dtype).conj()).items()},
        **{f"neg_{name}": maker for name, maker in each(COMPLEX, lambda name, dtype: base(name, dtype).conj().imag).items()},
        **{f"conj_transposed_{name}": maker for name, maker in each(COMPLEX, lambda name, dtype: base(name, dtype).conj().t()).items()},
        "conj_requires_grad": lambda: base("complex64", torch.complex64).conj().requires_grad_(),
    }


def with_attributes(tensor, **attributes):
    for name, value in attributes.items():
        setattr(tensor, name, value)
    return tensor


def subclasses():
    f = lambda *shape: values("float32", torch.float32, shape)
    tagged = lambda: f(2, 2).as_subclass(TaggedTensor)
    both = lambda: (lambda tensor: {"tensor": tensor, "view": tensor.view(-1), "again": tensor})(with_attributes(tagged(), note="one"))
    return {
        "tagged": tagged, "tagged_with_attributes": lambda: with_attributes(tagged(), note="kept", scale=0.5),
        "tagged_with_tensor": lambda: with_attributes(tagged(), mask=torch.tensor([True, False])),
        "tagged_parameter": lambda: torch.nn.Parameter(tagged()), "tagged_shared": both,
        "plain_with_tensor": lambda: with_attributes(f(2), mask=torch.tensor([1, 2])),
        "parameter_with_tensor": lambda: with_attributes(torch.nn.Parameter(f(2)), mask=torch.tensor([1, 2]), note="kept"),
        "parameter_with_sparse": lambda: with_attributes(torch.nn.Parameter(f(2)), mask=coo("float32", torch.float32)),
        "parameter_with_quantized": lambda: with_attributes(torch.nn.Parameter(f(2)), packed=per_tensor(0.5, 1)(None, torch.qint8)),
        "buffer": lambda: torch.nn.Buffer(f(2)), "buffer_not_persistent": lambda: torch.nn.Buffer(f(2), persistent=False),
        "uninitialized_parameter": lambda: torch.nn.UninitializedParameter(),
        "uninitialized_buffer": lambda: torch.nn.UninitializedBuffer(requires_grad=False),
        "parameter_complex": lambda: torch.nn.Parameter(values("complex64", torch.complex64, (2,))),
        "parameter_frozen": lambda: torch.nn.Parameter(f(2), requires_grad=False),
    }


def wrappers():
    f = lambda *shape: values("float32", torch.float32, shape)
    return {
        "wrapper": lambda: WrapperTensor(f(2, 3), 2.0),
        "wrapper_of_quantized": lambda: WrapperTensor(per_tensor(0.5, 1)(None, torch.qint8), None),
        "wrapper_of_wrapper": lambda: WrapperTensor(WrapperTensor(f(3), 0.5), {"deep": f(1)}),
    }


# Storages, and calls that only old or rare programs write

def storages():
    names = FLOATS + COMPLEX[1:] + INTEGERS
    typed = each(names, lambda name, dtype: values(name, dtype, (3,)).storage())
    untyped = lambda: values("float32", torch.float32, (2,)).untyped_storage() if hasattr(torch.Tensor, "untyped_storage") else values(
        "float32", torch.float32, (2,)).storage().untyped()
    shared = lambda: (lambda tensor: {"tensor": tensor, "storage": tensor.storage(), "again": tensor.storage(), "tail": tensor[2:]})(
        values("float32", torch.float32, (4,)))
    return {
        **{f"typed_{name}": maker for name, maker in typed.items()}, "untyped": untyped, "beside_tensor": shared,
        "empty": lambda: torch.empty(0).storage(),
        "qint8": lambda: per_tensor(0.5, 1)(None, torch.qint8).storage(), "quint8": lambda: per_tensor(0.5, 1)(None, torch.quint8).storage(),
        "qint32": lambda: per_tensor(0.5, 1)(None, torch.qint32).storage(),
    }


class Call:
    """Pickled as a call of a function, whatever torch would write of its own."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def calls():
    f = lambda *shape: values("float32", torch.float32, shape)
    plain = lambda tensor: (tensor.storage(), tensor.storage_offset(), tuple(tensor.shape), tensor.stride())
    utils = torch._utils
    return {
        "rebuild_tensor": lambda: Call(utils._rebuild_tensor, *plain(f(2, 3))),
        "rebuild_tensor_list": lambda: Call(utils._rebuild_tensor, f(6).storage(), 0, [2, 3], [3, 1]),
        "rebuild_tensor_v2_without_metadata": lambda: Call(utils._rebuild_tensor_v2, *plain(f(2, 3)), True, {}),
        "rebuild_from_type": lambda: Call(torch._tensor._rebuild_from_type, utils._rebuild_tensor, TaggedTensor, plain(f(2)), {"note": "kept"}),
        "rebuild_from_type_plain": lambda: Call(torch._tensor._rebuild_from_type, utils._rebuild_tensor, torch.Tensor, plain(f(2)), {}),
        "parameter_of_parameter": lambda: Call(utils._rebuild_parameter, torch.nn.Parameter(f(2)), False, {}),
        "sparse_without_coalesced": lambda: Call(utils._rebuild_sparse_tensor, torch.sparse_coo, (ROWS, f(4), torch.Size((2, 3)))),
    }


def device_tensors():
    """Of devices whose tensors are moved to the processor to be saved."""
    f = lambda *shape: values("float32", torch.float32, shape)
    numpy, utils = lambda: f(2, 2).numpy(), torch._utils
    return {
        "device_from_numpy": lambda: Call(utils._rebuild_device_tensor_from_numpy, numpy(), torch.float32, "cpu", False),
        "device_from_numpy_cast": lambda: Call(utils._rebuild_device_tensor_from_numpy, numpy(), torch.bfloat16, "cpu", True),
        "device_from_cpu_tensor": lambda: Call(utils._rebuild_device_tensor_from_cpu_tensor, f(3), torch.float32, "cpu", True),
        "device_from_cpu_tensor_cast": lambda: Call(utils._rebuild_device_tensor_from_cpu_tensor, f(3), torch.float64, "cpu", False),
    }


GROUPS = {"quantized": quantized, "sparse_coo": sparse_coo, "sparse_csr": lambda: compressed("csr"), "jagged": jagged, "meta": meta,
          "lazy": lazy, "subclasses": subclasses, "wrappers": wrappers, "storages": storages, "calls": calls}

# What torch reads while it rebuilds can't be read from a legacy file, whose storages come later. And of the compressed
# layouts, one in that format is enough.
ZIP_ONLY = {"nested": nested, "device_tensors": device_tensors, "sparse_csc": lambda: compressed("csc"),
            "sparse_bsr": lambda: compressed("bsr"), "sparse_bsc": lambda: compressed("bsc")}


def write(folder):
    for name, group in GROUPS.items():
        save_entries(folder, f"kinds_{name}", group())
    for name, group in ZIP_ONLY.items():
        save_entries(folder, f"kinds_{name}", group(), [""])
