"""Tensors of a few bytes that claim to be large, or that are at many places."""
import struct

from parts import (
    HOOKS, MEGABYTE, NUMBER, archive, call, content, get, group, mapped, name, named, number, numbers, put, storage, strided,
    tensor, text)

LONGS = struct.Struct("<q").pack


def deep_tensor():
    """A tensor at 20,000 places, each 3,900 lists deep: 78 million steps of paths."""
    references = tensor([1], [1]) + put(0) + get(0) * 19_999
    return archive(b"]" * 3_900 + b"(" + references + b"e" + b"a" * 3_899)


def long_path():
    """20,000 tensors below a key of 1 MB: 20 GB when their paths are written."""
    inner = [text(f"t{place}") + (get(0) if place else tensor([1], [1]) + put(0)) for place in range(20_000)]
    return archive(mapped([(text(MEGABYTE), b"}(" + b"".join(inner) + b"u")]))


def long_paths():
    """A tensor below 30 keys of 30 kB, at 10,000 places."""
    inner = b"](" + tensor([1], [1]) + put(0) + get(0) * 10_000 + b"e"
    for level in range(30):
        inner = mapped([(text(f"{level}" + "k" * 30_000), inner)])
    return archive(inner)


def referenced_tensor():
    """A tensor at 500,000 places of a list."""
    return archive(b"](" + tensor([1], [1]) + put(0) + get(0) * 500_000 + b"e")


def long_locations():
    """100,000 storages on a device whose name has 1 MB; deflated, because the references alone have 1.3 MB."""
    parts = [text("storage"), b"ctorch\nFloatStorage\n", text("0"), text(MEGABYTE), number(1)]
    first = b"".join(part + put(slot) for slot, part in enumerate(parts))
    others = (b"(" + b"".join(get(slot) for slot in range(5)) + b"tQ") * 99_999
    return archive(b"]((" + first + b"tQ" + others + b"e", deflated=["data.pkl"])


def expanded_tensors():
    """1,000 tensors of 800 MB each, expanded from one number."""
    return archive(named([tensor([200_000_000], [0])] * 1_000))


def just_allowed():
    """A tensor of 1 GiB, expanded from one number: the largest that is written out."""
    return archive(named([tensor([2**28], [0])]))


def overflowing_shape():
    return archive(named([tensor([2**32, 2**32], [0, 0])]))


def overflowing_strides():
    return archive(named([tensor([2**31, 2], [2**62, 1])]))


def no_elements():
    """A shape with a zero in it, whose other sizes overflow."""
    return archive(named([tensor([2**62, 2**62, 0], [1, 1, 1])] * 500))


def many_dimensions():
    """64 dimensions of two elements each, expanded: 2^64 elements."""
    return archive(named([tensor([2] * 62, [0] * 62), tensor([1] * 64, [1] * 64)]))


def too_many_dimensions():
    """200,000 dimensions."""
    return archive(named([tensor([1] * 50_000, [1] * 50_000)]))


def long_size():
    """2,000 mentions of a torch.Size of 50,000 numbers."""
    size = call(name("torch", "Size"), numbers(range(50_000)))
    return archive(b"](" + size + put(0) + get(0) * 2_000 + b"e")


def deep_wrapping():
    """A parameter of a parameter of a parameter …, 30,000 deep."""
    start = name("torch._utils", "_rebuild_parameter") + b"("
    return archive(start * 10_000 + tensor([1], [1]) + (b"\x88" + HOOKS + b"tR") * 10_000)


def sparse(layout, *parts, shape):
    layout = call(name("torch.serialization", "_get_layout"), text("torch." + layout))
    size = call(name("torch", "Size"), numbers(shape))
    return call(name("torch._utils", "_rebuild_sparse_tensor"), layout, group(*parts, size))


def one_index(shape):
    indices = strided(storage(len(shape), "1", kind="LongStorage"), [len(shape), 1], [1, 1])
    return sparse("sparse_coo", indices, tensor([1], [1]), shape=shape)


def places(count):
    return {"0": NUMBER, "1": bytes(8 * count)}


def large_sparse():
    """A sparse tensor that would take 2^60 bytes."""
    return archive(named([one_index([2**29, 2**29])]), storages=places(2))


def allowed_sparse():
    """A sparse tensor of one number that takes 1 GiB when it is made dense."""
    return archive(named([one_index([2**14, 2**14])]), storages=places(2))


def many_sparse():
    """1,000 sparse tensors that take 100 MB each when they are made dense."""
    return archive(named([one_index([5_000, 5_000])] * 1_000), storages=places(2))


def sparse_indices():
    """8 million indices of one number."""
    index = storage(1, "1", kind="LongStorage")
    value = sparse("sparse_coo", strided(index, [1, 2**23], [0, 0]), tensor([2**23], [0]), shape=[4])
    return archive(named([value]), storages=places(1))


def nested_components():
    """A nested tensor of a million components."""
    index = storage(1, "1", kind="LongStorage")
    value = call(
        name("torch._utils", "_rebuild_nested_tensor"), tensor([1], [1]), strided(index, [2**20, 2], [0, 0]),
        strided(index, [2**20, 2], [0, 0]), strided(index, [2**20], [0]))
    return archive(named([value]), storages=places(1))


def quantized_channels():
    """A quantized tensor of 2^28 channels, whose scales are one number."""
    source = storage(1, "2", kind="QInt8Storage")
    scales = strided(storage(1, "3", kind="DoubleStorage"), [2**28], [0])
    zeros = strided(storage(1, "1", kind="LongStorage"), [2**28], [0])
    quantizer = group(name("torch", "per_channel_affine"), scales, zeros, number(0))
    value = call(
        name("torch._utils", "_rebuild_qtensor"), source, number(0), numbers([2**28]), numbers([0]), quantizer, b"\x89",
        HOOKS)
    return archive(named([value]), storages=places(1) | {"2": b"\1", "3": bytes(8)})


def array(dtype, shape, data, is_fortran=b"\x89"):
    """A NumPy array of a dtype that is there already."""
    start = call(name("numpy.core.multiarray", "_reconstruct"), name("numpy", "ndarray"), numbers([0]), content(b"b"))
    return start + group(number(1), numbers(shape), dtype, is_fortran, data) + b"b"


def dtype(code, subarray=b"N", names=b"N", fields=b"N", size=-1):
    start = call(name("numpy", "dtype"), text(code), b"\x89", b"\x88")
    return start + group(number(3), text("|"), subarray, names, fields, number(size), number(-1), number(0)) + b"b"


def tensor_of(array):
    return call(
        name("torch._utils", "_rebuild_device_tensor_from_numpy"), array, name("torch", "uint8"), text("cpu"), b"\x89")


def shared_arrays():
    """200 tensors made of NumPy's arrays that share 1 MB: 200 MB when they are written."""
    data = content(bytes(1_000_000))
    first = tensor_of(array(dtype("u1") + put(0), [1_000_000], data + put(1)))
    return archive(named([first] + [tensor_of(array(get(0), [1_000_000], get(1)))] * 199), 3)


def more_shared_arrays():
    """3,000 tensors made of NumPy's arrays that share 1 MB: 3 GB when they are written."""
    data = content(bytes(1_000_000))
    first = tensor_of(array(dtype("u1") + put(0), [1_000_000], data + put(1)))
    return archive(named([first] + [tensor_of(array(get(0), [1_000_000], get(1)))] * 2_999), 3)


def encoded_arrays():
    """3,000 tensors made of arrays of one text of 1 MB, which protocol 2 decodes for each."""
    encoded = call(name("_codecs", "encode"), text(MEGABYTE), text("latin1"))
    first = tensor_of(array(dtype("u1") + put(0), [1_000_000], encoded + put(1)))
    return archive(named([first] + [tensor_of(array(get(0), [1_000_000], get(1)))] * 2_999), 3)


def encoded_scalars():
    """5,000 scalars whose bytes are one text of 1 MB."""
    encoded = call(name("_codecs", "encode"), text(MEGABYTE), text("latin1"))
    scalar = name("numpy.core.multiarray", "scalar") + put(2) + b"0"
    body = scalar + dtype("S1000000", size=1_000_000) + put(0) + b"0" + encoded + put(1) + b"0"
    return archive(body + b"](" + (get(2) + get(0) + get(1) + b"\x86R") * 5_000 + b"e", 3)


def array_claims():
    """An array of 2^60 elements of no bytes, and one that says it has 2^40 numbers."""
    empty, large = array(dtype("S0", size=0), [2**60], content(b"")), array(dtype("f8"), [2**40], content(b""))
    return archive(named([empty, large]), 3)


def record_dtypes():
    """A dtype of records of records, each of ten times the one before: 10^15 fields."""
    body, names = dtype("u1") + put(0), b"".join(text(str(place)) for place in range(10))
    for level in range(15):
        fields = mapped((text(str(place)), group(get(level), number(0))) for place in range(10))
        body += b"0" + dtype("V10", names=b"(" + names + b"t", fields=fields, size=10) + put(level + 1)
    return archive(body + b"0" + named([array(get(15), [1], content(bytes(10)))]), 3)


def wide_records():
    """A dtype of 4,000 fields, of 5,000 scalars."""
    names = b"(" + b"".join(text(str(place)) for place in range(4_000)) + b"t"
    byte = dtype("u1") + put(9) + b"0"
    fields = mapped((text(str(place)), group(get(9), number(0))) for place in range(4_000))
    body = byte + dtype("V1", names=names, fields=fields, size=1) + put(0) + b"0" + content(b"\1") + put(1) + b"0"
    body += name("numpy.core.multiarray", "scalar") + put(2) + b"0"
    return archive(body + b"](" + (get(2) + get(0) + get(1) + b"\x86R") * 5_000 + b"e", 3)


def wide_arrays():
    """The same dtype, of 2,000 arrays."""
    names = b"(" + b"".join(text(str(place)) for place in range(4_000)) + b"t"
    byte = dtype("u1") + put(9) + b"0"
    fields = mapped((text(str(place)), group(get(9), number(0))) for place in range(4_000))
    body = byte + dtype("V1", names=names, fields=fields, size=1) + put(0) + b"0" + content(b"\1") + put(1) + b"0"
    return archive(body + b"](" + array(get(0), [1], get(1)) * 2_000 + b"e", 3)


ALL = [
    deep_tensor, long_path, long_paths, referenced_tensor, long_locations, expanded_tensors, just_allowed,
    overflowing_shape, overflowing_strides, no_elements, many_dimensions, too_many_dimensions, long_size,
    deep_wrapping, large_sparse, allowed_sparse, many_sparse, sparse_indices, nested_components, quantized_channels,
    shared_arrays, more_shared_arrays, encoded_arrays, encoded_scalars, array_claims, record_dtypes, wide_records,
    wide_arrays]
