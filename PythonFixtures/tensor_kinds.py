"""Tensors of every kind that torch saves, with what torch makes of them.

    tensor_kinds.py write FOLDER       writes kinds.pth, jagged.pth, old.pth and refused.pth
    tensor_kinds.py check ORIGINAL WRITTEN...   fails unless torch reads the same from each

Each file is {"cases": {name: tensor}, "expected": {name: plain tensor, or a list of them}}: what `dequantize()`,
`to_dense()` and `unbind()` give. refused.pth has tensors whose invariants do not hold, which torch loads unchecked.
"""
import itertools
import pathlib
import sys
import warnings

import torch

warnings.simplefilter("ignore")
ADDED = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
         torch.uint8, torch.bool, torch.complex64, torch.complex128]


def random_integers(dtype, count, generator):
    low, high = {torch.int8: (-128, 128), torch.uint8: (0, 256), torch.int32: (-2**29, 2**29)}[dtype]
    return torch.randint(low, high, (count,), generator=generator).to(dtype)


def quantized():
    generator = torch.Generator().manual_seed(1)
    cases = {}
    for dtype in (torch.int8, torch.uint8, torch.int32):
        numbers = random_integers(dtype, 60, generator).reshape(3, 4, 5)
        for scale, zero in ((0.1, 3), (1e-30, 0), (3.7, 100), (-0.5, 1), (float("inf"), 2), (0.0, 5)):
            cases[f"tensor {dtype} {scale}"] = torch._make_per_tensor_quantized_tensor(numbers, scale, zero)
        for axis in range(3):
            count = numbers.shape[axis]
            scales = torch.rand(count, dtype=torch.float64, generator=generator)
            zeros = torch.randint(0, 100, (count,), generator=generator)
            cases[f"channel {dtype} {axis}"] = torch._make_per_channel_quantized_tensor(numbers, scales, zeros, axis)
        plain = cases[f"tensor {dtype} 0.1"]
        cases[f"strided {dtype}"] = plain.permute(2, 0, 1)[1:, :, ::2]
        cases[f"scalar {dtype}"] = plain[0, 0, 0]
        cases[f"empty {dtype}"] = plain[:0]
        cases[f"parameter {dtype}"] = torch.nn.Parameter(plain, requires_grad=False)
    image = torch.rand(1, 4, 2, 2, generator=generator).contiguous(memory_format=torch.channels_last)
    cases["channels last"] = torch.quantize_per_channel(image, torch.rand(4, dtype=torch.float64, generator=generator) + 0.01,
                                                        torch.arange(4), 1, torch.qint8)
    for dtype in (torch.quint8, torch.quint4x2, torch.quint2x4):
        for shape in ((2, 8), (2, 3), (3, 5), (2, 2, 3)):
            values = torch.rand(*shape, generator=generator) * 4
            scales, zeros = torch.rand(shape[0], generator=generator) + 0.1, torch.rand(shape[0], generator=generator)
            cases[f"float {dtype} {shape}"] = torch.quantize_per_channel(values, scales, zeros, 0, dtype)
    cases["tensor quint4x2"] = torch.quantize_per_tensor(torch.arange(6.0).reshape(2, 3), 1.5, 1, torch.quint4x2)
    return cases


def coordinates():
    cases = {}
    indices = torch.tensor([[0, 2, 0, 1, 0], [1, 0, 1, 1, 1]])
    for dtype in ADDED:
        values = torch.tensor([100.3, -2.6, 100.1, 0.0, 3.7]).to(dtype)
        cases[f"uncoalesced {dtype}"] = torch.sparse_coo_tensor(indices, values, (3, 2))
        cases[f"coalesced {dtype}"] = cases[f"uncoalesced {dtype}"].coalesce()
    rounded = torch.tensor([2048] + [1] * 4, dtype=torch.float16)
    cases["rounded"] = torch.sparse_coo_tensor(torch.zeros(1, 5, dtype=torch.int64), rounded, (2,))
    cases["negative zero"] = torch.sparse_coo_tensor(torch.tensor([[1]]), torch.tensor([-0.0]), (3,))
    cases["hybrid"] = torch.sparse_coo_tensor(indices, torch.arange(30.0).reshape(5, 2, 3), (3, 2, 2, 3))
    cases["one dimension"] = torch.sparse_coo_tensor(torch.tensor([[3, 1]]), torch.tensor([1.0, 2.0]), (5,))
    cases["no sparse dimension"] = torch.sparse_coo_tensor(torch.empty(0, 2, dtype=torch.int64), torch.ones(2, 3), (3,))
    cases["nothing"] = torch.sparse_coo_tensor((3, 4))
    cases["no elements"] = torch.sparse_coo_tensor((3, 0))
    cases["parameter"] = torch.nn.Parameter(cases["hybrid"])
    return cases


def compressed():
    cases = {}
    dense = torch.tensor([[0.0, 1.5, 0.0, 2.5], [3.25, 0.0, 0.0, 0.0], [0, 0, 0, 0], [0, 7.0, 8.0, -9.0]])
    batches = torch.stack([dense, dense.flip(1), dense.roll(1, 1)])
    hybrid = torch.arange(32.0).reshape(4, 4, 2) * (dense != 0).unsqueeze(-1)
    for dtype in ADDED:
        cases[f"csr {dtype}"] = dense.to(dtype).to_sparse_csr()
    makers = {"csr": lambda t, d: t.to_sparse_csr(dense_dim=d), "csc": lambda t, d: t.to_sparse_csc(dense_dim=d),
              "bsr": lambda t, d: t.to_sparse_bsr((2, 1), dense_dim=d), "bsc": lambda t, d: t.to_sparse_bsc((1, 4), dense_dim=d)}
    for name, make in makers.items():
        cases[f"{name} plain"] = make(dense, None)
        cases[f"{name} batched"] = make(batches, None)
        cases[f"{name} hybrid"] = make(hybrid, 1)
        cases[f"{name} parameter"] = torch.nn.Parameter(make(dense, None))
        cases[f"{name} empty"] = make(torch.zeros(4, 4), None)
    narrow = cases["csr plain"]
    cases["csr int32"] = torch.sparse_csr_tensor(narrow.crow_indices().int(), narrow.col_indices().int(), narrow.values(), (4, 4))
    return cases


def nested():
    parts = [torch.arange(6.0).reshape(2, 3), torch.arange(4.0).reshape(1, 4)]
    cases = {"matrices": torch.nested.nested_tensor(parts), "scalars": torch.nested.nested_tensor([torch.tensor(1.0), torch.tensor(2.0)]),
             "halves": torch.nested.nested_tensor(parts, dtype=torch.float16)}
    cases["transposed"] = torch.nested.nested_tensor([p[:, :3] for p in parts]).transpose(1, 2)
    cases["parameter"] = torch.nn.Parameter(torch.nested.nested_tensor(parts))
    return cases


def meta():
    return {"meta": torch.empty(3, 4, device="meta"), "huge": torch.empty(1 << 30, 1 << 20, device="meta", dtype=torch.int8),
            "grad": torch.empty(2, device="meta", requires_grad=True), "transposed": torch.empty(3, 4, device="meta").t(),
            "parameter": torch.nn.Parameter(torch.empty(2, device="meta", dtype=torch.float16))}


def jagged():
    matrices = [torch.arange(8.0).reshape(2, 4), torch.arange(12.0).reshape(3, 4)]
    whole = torch.arange(24.0).reshape(2, 6, 2)
    plain = torch.nested.nested_tensor(matrices, layout=torch.jagged)
    return {"vectors": torch.nested.nested_tensor([torch.arange(2.0), torch.arange(3.0)], layout=torch.jagged),
            "matrices": plain, "transposed": plain.transpose(1, 2),
            "narrow": torch.nested.narrow(whole, 1, torch.tensor([0, 1]), torch.tensor([3, 4]), layout=torch.jagged)}


def expected(tensor):
    tensor = tensor.detach()
    if tensor.is_nested:
        return [part.clone() for part in tensor.unbind()]
    if tensor.is_quantized:
        return tensor.dequantize()
    return tensor.to_dense() if tensor.layout != torch.strided else None


def refused():
    """What breaks a rule of the contents, by the rule; torch makes them when it is told not to look."""
    coo = lambda indices, size, said=None: torch.sparse_coo_tensor(
        torch.tensor(indices), torch.ones(len(indices[0])), size, check_invariants=False, is_coalesced=said)
    csr = lambda starts, columns, size=(2, 3): torch.sparse_compressed_tensor(
        torch.tensor(starts), torch.tensor(columns), torch.ones(len(columns)), size, layout=torch.sparse_csr, check_invariants=False)
    return {"negative index": coo([[-1, 0]], (3,)), "index outside": coo([[3, 0]], (3,)), "duplicates": coo([[0, 0]], (3,), True),
            "out of order": coo([[1, 0]], (3,), True), "does not start with 0": csr([1, 1, 2], [0, 1]),
            "does not end with nnz": csr([0, 1, 1], [0, 1]), "goes down": csr([0, 2, 1, 2], [0, 1], (3, 3)),
            "column outside": csr([0, 1, 2], [0, 3]), "negative column": csr([0, 1, 2], [0, -1]),
            "column twice": csr([0, 2, 2], [1, 1]), "columns out of order": csr([0, 2, 2], [1, 0])}


class Written:
    """Pickles as something else: the forms of old versions, which torch still reads."""
    def __init__(self, function, arguments, state=None, new=False):
        self.made = (function, arguments, state, new)

    @property
    def __class__(self):   # the pickler compares it with the class that is to be made
        return self.made[0] if self.made[3] else Written

    def __reduce_ex__(self, protocol):
        function, arguments, state, new = self.made
        if new:
            import copyreg
            function, arguments = copyreg.__newobj__, (function,) + arguments
        return (function, arguments) if state is None else (function, arguments, state)


def old():
    base = torch.arange(6.0)
    state = lambda t: (t._typed_storage(), t.storage_offset(), tuple(t.size()), t.stride())
    cases = {"FloatTensor": (Written(torch.FloatTensor, (), state(base)), base),
             "LongTensor view": (Written(torch.LongTensor, (), state(torch.arange(9)[1::2])), torch.arange(9)[1::2]),
             "new Tensor": (Written(torch.Tensor, (), state(base.reshape(2, 3).t()), True), base.reshape(2, 3).t()),
             "_rebuild_tensor": (Written(torch._utils._rebuild_tensor, state(base)), base),
             "_rebuild_device_tensor_from_cpu_tensor":
                 (Written(torch._utils._rebuild_device_tensor_from_cpu_tensor, (base, torch.float32, "cpu", False)), base),
             "cpu tensor of another dtype":
                 (Written(torch._utils._rebuild_device_tensor_from_cpu_tensor, (base, torch.int64, "cpu", False)), base.long()),
             "_rebuild_device_tensor_from_numpy":
                 (Written(torch._utils._rebuild_device_tensor_from_numpy, (base.reshape(2, 3).numpy(), torch.float32, "cpu", False)),
                  base.reshape(2, 3)),
             "Parameter": (Written(torch.nn.Parameter, (base, True), None, True), base),
             "Parameter of three": (Written(torch.nn.Parameter, (base,), (False, False, {}), True), base),
             "Parameter of five": (Written(torch.nn.Parameter, (base,), (base + 1, None, {}, False, False), True), base + 1),
             "three parts": (Written(torch._utils._rebuild_sparse_tensor,
                                     (torch.sparse_coo, (torch.tensor([[1]]), torch.tensor([2.0]), torch.Size([3])))),
                             torch.tensor([0.0, 2.0, 0.0])),
             "sparse.FloatTensor": (Written(torch.sparse.FloatTensor, (torch.tensor([[1]]), torch.tensor([2.0]), torch.Size([3]))),
                                    torch.tensor([0.0, 2.0, 0.0]))}
    return {"cases": {k: v[0] for k, v in cases.items()}, "expected": {k: v[1].clone() for k, v in cases.items()}}


class Wrapper(torch.Tensor):
    """A subclass without data of its own."""
    @staticmethod
    def __new__(cls, inner):
        return torch.Tensor._make_wrapper_subclass(cls, inner.shape, dtype=inner.dtype, device=inner.device)

    def __init__(self, inner):
        self.inner = inner

    @classmethod
    def __torch_dispatch__(cls, function, types, arguments=(), keywords=None):
        return NotImplemented


def write(folder):
    cases = {f"{kind.__name__} {name}": tensor for kind in (quantized, coordinates, compressed, nested, meta)
             for name, tensor in kind().items()}
    results = {name: expected(tensor) for name, tensor in cases.items() if not tensor.is_meta}
    torch.save({"cases": cases, "expected": results}, folder / "kinds.pth")
    cases = jagged()
    torch.save({"cases": cases, "expected": {n: expected(t) for n, t in cases.items()}}, folder / "jagged.pth")
    torch.save({"cases": refused()}, folder / "refused.pth")
    torch.save({"wrapper": Wrapper(torch.arange(6.0).reshape(2, 3))}, folder / "wrapper.pth")
    torch.save(old(), folder / "old.pth")
    loaded = torch.load(folder / "old.pth", weights_only=False)
    for name, value in loaded["cases"].items():
        value = value.detach().to_dense() if value.layout != torch.strided else value.detach()
        assert torch.equal(value, loaded["expected"][name]), name
    texts = {n: str(t) for n, t in quantized().items() if not n.startswith("parameter")}
    torch.save(texts, folder / "printed.pth")


def parts(tensor):
    if tensor.is_meta:
        return [torch.tensor([])]
    if tensor.layout == torch.jagged:
        return [tensor.values(), tensor.offsets()] + ([] if tensor.lengths() is None else [tensor.lengths()])
    if tensor.is_nested:
        return list(tensor.detach().__reduce_ex__(2)[1])
    if tensor.layout == torch.sparse_coo:
        return [tensor._indices(), tensor._values(), torch.tensor(tensor.is_coalesced())]
    if tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
        return [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
    if tensor.layout in (torch.sparse_csc, torch.sparse_bsc):
        return [tensor.ccol_indices(), tensor.row_indices(), tensor.values()]
    if tensor.is_quantized and tensor.qscheme() in (torch.per_channel_affine, torch.per_channel_affine_float_qparams):
        return [tensor.int_repr(), tensor.q_per_channel_scales(), tensor.q_per_channel_zero_points()]
    if tensor.is_quantized:
        return [tensor.int_repr(), torch.tensor(tensor.q_scale(), dtype=torch.float64), torch.tensor(tensor.q_zero_point())]
    return [tensor]


def same(one, other, name):
    assert type(one) is type(other), (name, type(one), type(other))
    for fact in ("dtype", "layout", "device", "requires_grad"):
        assert getattr(one, fact) == getattr(other, fact), (name, fact)
    if not one.is_nested:
        assert one.shape == other.shape, name
    if one.layout == torch.strided and not one.is_nested:
        assert one.stride() == other.stride(), name
    for left, right in itertools.zip_longest(parts(one.detach()), parts(other.detach())):
        assert left.dtype == right.dtype and torch.equal(left.nan_to_num(), right.nan_to_num()), name


def check(original, others):
    import torch.nested._internal.nested_tensor
    import torch._dynamo.decorators
    torch.serialization.add_safe_globals([torch.nested._internal.nested_tensor.NestedTensor,
                                          torch.nested._internal.nested_tensor._rebuild_njt,
                                          torch._dynamo.decorators._DimRange])
    wanted = torch.load(original, weights_only=True)["cases"]
    for other in others:
        found = torch.load(other, weights_only=True)["cases"]
        assert list(found) == list(wanted), other
        for name, tensor in wanted.items():
            same(tensor, found[name], name)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(pathlib.Path(sys.argv[2]))
    else:
        check(sys.argv[2], sys.argv[3:])
