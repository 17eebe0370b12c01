"""Every way a tensor can look at a storage, one small file each."""
import torch

from fixture_classes import TaggedTensor


def grid(rows=3, columns=4):
    return torch.arange(rows * columns, dtype=torch.float32).reshape(rows, columns)


def fortran():
    tensor = torch.empty(4, 3).t()
    tensor.copy_(grid())
    return {"fortran": tensor}


def several_views():
    base = torch.arange(24, dtype=torch.int16)
    return {"base": base, "head": base[:6], "tail": base[18:], "matrix": base.view(4, 6), "column": base.view(4, 6)[:, 2]}


def same_tensor_twice():
    tensor = grid()
    return {"first": tensor, "second": tensor, "view": tensor.view(-1)}


def aliases_in_lists():
    tensor, shared = grid(2, 2), [torch.zeros(1)]
    return {"list": [tensor, tensor, {"again": tensor}], "shared": shared, "shared_again": shared, "tuple": (tensor, shared)}


def parameter_with_attributes():
    parameter = torch.nn.Parameter(grid(2, 2))
    parameter.note, parameter.sequence_parallel = "kept", True
    return {"weight": parameter}


def tensor_with_attributes():
    tensor = grid(2, 2)
    tensor.note, tensor.scale = "kept", 0.5
    return {"tensor": tensor}


def dtype_views():
    """One storage under two dtypes: torch.save refuses it (RuntimeError) unless the dtypes need no storage class."""
    bits = torch.arange(8, dtype=torch.uint8)
    return {"bytes": bits.view(torch.uint16), "words": bits.view(torch.uint32)}


def complex_vector():
    return torch.tensor([1 + 2j, 3 - 4j, -0.0 + 0j])


def lazy():
    """Views that conjugate or negate when read: their storage holds the numbers as they were before."""
    return {"conj": complex_vector().conj(), "conj_transposed": complex_vector().reshape(3, 1).conj().t(),
            "resolved": complex_vector().conj().resolve_conj(), "twice": complex_vector().conj().conj(),
            "neg": complex_vector().conj().imag.detach(), "imag": complex_vector().imag}


def lazy_shared():
    """A tensor and its conjugate over one storage."""
    base = complex_vector()
    return {"plain": base, "conj": base.conj()}


def sparse_coo():
    indices = torch.tensor([[0, 1, 1], [2, 0, 2]])
    uncoalesced = torch.sparse_coo_tensor(torch.tensor([[0, 0], [1, 1]]), torch.tensor([1.0, 2.0]), (2, 2))
    hybrid = torch.sparse_coo_tensor(indices, grid(3, 2), (2, 3, 2))
    return {"coalesced": torch.sparse_coo_tensor(indices, torch.tensor([3.0, 4.0, 5.0]), (2, 3)).coalesce(),
            "uncoalesced": uncoalesced, "hybrid": hybrid, "empty": torch.sparse_coo_tensor((2, 3))}


def sparse_compressed():
    dense = torch.tensor([[0.0, 1.0, 0.0, 2.0], [3.0, 0.0, 0.0, 0.0]])
    return {"csr": dense.to_sparse_csr(), "csc": dense.to_sparse_csc(),
            "bsr": dense.to_sparse_bsr((2, 2)), "bsc": dense.to_sparse_bsc((2, 2))}


def packed_sequence():
    """A named tuple of tensors: pickled as a class with constructor arguments."""
    return {"packed": torch.nn.utils.rnn.pack_sequence([torch.tensor([1.0, 2.0]), torch.tensor([3.0])])}


def many_storages(count=12):
    """More than ten storages, so that the order of records shows: 0,1,10,11,2 or 0,1,2,3."""
    return {f"t{i}": torch.full((2,), float(i)) for i in range(count)}


def storages():
    """Storages saved by themselves, without a tensor."""
    return {"untyped": torch.arange(6, dtype=torch.uint8).storage().untyped(),
            "typed": torch.arange(6, dtype=torch.float32).storage(), "typed_int64": torch.arange(3).storage()}


def storage_beside_tensor():
    tensor = torch.arange(4, dtype=torch.float32)
    return {"tensor": tensor, "storage": tensor.storage()}


def nested():
    return {"nested": torch.nested.nested_tensor([torch.arange(3.0), torch.arange(5.0)]),
            "nested_2d": torch.nested.nested_tensor([grid(2, 2), grid(1, 3)])}


KINDS = {
    "contiguous": lambda: {"matrix": grid()},
    "transposed": lambda: {"transposed": grid().t(), "permuted": torch.arange(24).reshape(2, 3, 4).permute(2, 0, 1)},
    "fortran_order": fortran,
    "sliced": lambda: {"rows": grid()[1:], "columns": grid()[:, 1:3], "element": grid()[2, 3], "middle": torch.arange(100)[40:44]},
    "stepped": lambda: {"vector": torch.arange(10)[1::3], "matrix": grid(4, 6)[::2, 1::2]},
    "expanded": lambda: {"row": torch.arange(3).expand(4, 3), "scalar": torch.tensor(7.0).expand(2, 3),
                         "column": torch.arange(3).reshape(3, 1).expand(3, 2)},
    "overlapping": lambda: {"windows": torch.as_strided(torch.arange(10.0), (4, 4), (2, 1)),
                            "odd_strides": torch.as_strided(torch.arange(30), (2, 3), (7, 5), 1)},
    "unit_dimensions": lambda: {"ones": torch.arange(3).reshape(1, 3, 1), "strange": torch.as_strided(torch.arange(3), (1, 3, 1), (77, 1, 99))},
    "empty": lambda: {"slice": torch.arange(5)[5:], "rows": grid()[:0], "zero_storage": torch.empty(0, 2, 3)},
    "several_views": several_views,
    "large_storage": lambda: {"corner": torch.arange(1000, dtype=torch.int32)[500:504]},
    "same_tensor_twice": same_tensor_twice,
    "aliases_in_lists": aliases_in_lists,
    "channels_last": lambda: {"image": torch.arange(24.0).reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
                              "video": torch.arange(16.0).reshape(1, 2, 2, 2, 2).contiguous(memory_format=torch.channels_last_3d)},
    "lazy_conj_neg": lazy,
    "lazy_shared": lazy_shared,
    "requires_grad": lambda: {"leaf": grid(2, 2).requires_grad_(), "plain": grid(2, 2)},
    "parameter": lambda: {"weight": torch.nn.Parameter(grid(2, 2)), "frozen": torch.nn.Parameter(grid(1, 2), requires_grad=False),
                          "integers": torch.nn.Parameter(torch.arange(3), requires_grad=False)},
    "parameter_with_attributes": parameter_with_attributes,
    "tensor_with_attributes": tensor_with_attributes,
    "tensor_subclass": lambda: {"tagged": grid(2, 2).as_subclass(TaggedTensor)},
    "two_dtypes_one_storage": dtype_views,
    "meta": lambda: {"meta": torch.empty(3, 4, device="meta"), "half": torch.empty(2, dtype=torch.float16, device="meta"),
                     "transposed": torch.empty(3, 4, device="meta").t()},
    "sparse_coo": sparse_coo,
    "sparse_compressed": sparse_compressed,
    "nested": nested,
    "packed_sequence": packed_sequence,
    "many_storages": many_storages,
    "storages": storages,
    "storage_beside_tensor": storage_beside_tensor,
    "bare_tensor": lambda: grid(2, 3),
    "list_of_tensors": lambda: [grid(1, 2), (torch.tensor(True), torch.tensor([1, 2]))],
    "batch_norm_buffers": lambda: torch.nn.BatchNorm1d(2).state_dict(),
}


def write(folder):
    for kind, make in KINDS.items():
        folder.save(f"view_{kind}.pth", make)
