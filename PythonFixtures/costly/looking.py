"""Files that cost most when they are scanned or verified: what nobody else looks at, over and over."""
import struct

from containers import inflating
from parts import HOOKS, NUMBER, archive, bare, call, content, get, group, name, number, numbers, put, storage, strided, tensor, text, zipped

LOCAL, LISTED, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"


def local(name=b"", extra=b"", size=0):
    return struct.pack("<4s5H3I2H", LOCAL, 20, 0, 0, 0, 0, 0, size, size, len(name), len(extra)) + name + extra


def listed(offset, name=b"", size=0):
    return struct.pack("<4s6H3I5H2I", LISTED, 20, 20, 0, 0, 0, 0, 0, size, size, len(name), 0, 0, 0, 0, 0, offset) + name


def end(count, size, offset):
    return struct.pack("<4s4H2IH", END, 0, 0, count & 0xffff, count & 0xffff, size, offset, 0)


def unlisted_headers():
    """30,000 headers of entries that no directory lists, 30 bytes apart, each with a name of 65,535 bytes."""
    return (LOCAL + bytes(22) + b"\xff\xff\0\0") * 30_000 + b"a" * 70_000


def unlisted_entries():
    """60,000 headers of entries without a name that no directory lists."""
    return local() * 60_000


def header_of_many():
    """A header of 64 kB that 24,000 entries of the directory share; each has 16,000 fields, and a name of its own."""
    header = local(b"archive/a", struct.pack("<HH", 0x4242, 0) * 16_000, 0xffffffff)
    entries = b"".join(listed(0, b"archive/%d" % place, 0xffffffff) for place in range(24_000))
    return header + entries + end(24_000, len(entries), len(header))


def headers_in_headers():
    """20,000 headers, each of which is a part of the fields of those before it."""
    starts = b"".join(
        struct.pack("<4s5H3I2H", LOCAL, 20, 0, 0, 0, 0, 0, 0xffffffff, 0xffffffff, 0, 0xffff) for _ in range(20_000))
    headers = starts + bytes(70_000)
    entries = b"".join(listed(30 * place, b"", 0xffffffff) for place in range(20_000))
    return headers + entries + end(20_000, len(entries), len(headers))


def end_records():
    """5,000 end records that lead to one directory of 20,000 entries, as if so many bytes stood before the archive."""
    headers = local() * 10_000
    entries = b"".join(listed(30 * place) for place in range(10_000))
    ends = b"".join(end(10_000, len(entries) + 22 * place, len(headers) + 1) for place in range(5_000))
    return headers + entries + ends


def marks_over_stack():
    """400,000 marks, each closed at once, over a stack of 700,000 objects."""
    return bare(b"N" * 700_000 + b"(l0" * 400_000)


def inflating_texts():
    """A data.pkl of 30 million empty texts in 60 kB."""
    return inflating("data.pkl", b"\x80\x04", 60, b".", b"\x8c\0" * 500_000, version="3\n")


def inflating_tuples():
    """A data.pkl of 60 million tuples."""
    return inflating("data.pkl", b"\x80\x02N", 60, b".", b"\x860N" * 333_000, version="3\n")


def inflating_memo():
    """A data.pkl that fills 60 million slots of the memo."""
    return inflating("data.pkl", b"\x80\x04N", 60, b".", b"\x94" * 1_000_000, version="3\n")


def inflating_names():
    """A data.pkl of 10 million names that are made of the same 200 texts of 1,000 bytes."""
    texts = b"".join(text(f"{place:0>1000}") + put(place) + b"0" for place in range(200))
    pairs = b"".join(get(place % 200) + get(place * 7 % 200) + b"\x930" for place in range(160_000))
    return inflating("data.pkl", b"\x80\x04" + texts, 60, b"N.", pairs, version="3\n")


def inflating_new_names():
    """A data.pkl of 4 million names."""
    names = [f"cm\nf{place}\n0".encode() for place in range(4_000_000)]
    return inflating("data.pkl", b"\x80\x04" + b"".join(names[:400_000]), 8, b"N.", b"cm\nf\n0" * 150_000, version="3\n")


def inflating_attributes():
    """A data.pkl that asks for an attribute of an attribute 5 million times."""
    start = name("builtins", "getattr") + put(0) + name("m", "f") + put(1) + text("a" * 120) + put(2) + b"000"
    look_up = get(0) + get(1) + get(2) + b"\x86R"
    return inflating("data.pkl", b"\x80\x02" + start, 40, b"N.", (look_up + b"0") * 110_000, version="3\n")


def dotted_gateways():
    """1,600 names of 330 parts, each of which is a module that leads to others."""
    return archive(b"".join(f"cm\n{'io.' * 330}{place}\n0".encode() for place in range(1_600)) + b"N", 4)


def wrapped_types():
    """A tensor in 20,000 calls that give it a type, each an argument of the one around it."""
    rebuild, kind = name("torch._tensor", "_rebuild_from_type_v2"), name("torch", "Tensor")
    inner = b"(" + name("torch._utils", "_rebuild_tensor_v2") + get(1) + group(
        storage(1), number(0), numbers([1]), numbers([1]), b"\x89", HOOKS) + b"Nt"
    return archive(rebuild + put(0) + b"(" + get(0) + kind + put(1) + (b"(" + get(0) + get(1)) * 20_000 + inner
                   + b"Nt" * 20_000 + b"NtR")


def parameter_states():
    """3,000 parameters, one of which gets a state 200,000 times."""
    parameter = call(name("torch._utils", "_rebuild_parameter"), tensor([1], [1]), b"\x89", HOOKS)
    start = parameter + put(0) + group(b"\x89", b"N", b"N") + put(1)
    return archive(b"](" + start + parameter * 3_000 + get(0) + (get(1) + b"b") * 200_000 + b"e")


def many_storages():
    """7,000 storages of four bytes."""
    values = {str(place): b"\0\0\x80\x3f" for place in range(7_000)}
    tensors = (strided(storage(1, str(place)), [1], [1]) for place in range(7_000))
    return archive(b"](" + b"".join(tensors) + b"e", storages=values)


def many_names():
    """A data.pkl of 20 million names without a letter."""
    return inflating("data.pkl", b"\x80\x02", 60, b"N.", b"c\n\n0" * 250_000, version="3\n")


def many_lines():
    """A data.pkl of 15 million slots of the memo that are asked for in lines."""
    return inflating("data.pkl", b"\x80\x02N" + put(0), 60, b"N.", b"g0\n0" * 250_000, version="3\n")


def many_pickles():
    """200 records of 500,000 objects each, deflated."""
    objects = b"\x80\x02" + b"N0" * 250_000 + b"N."
    records = {f"{place}.pkl": objects for place in range(200)} | {"data.pkl": b"\x80\x02N.", "constants.pkl": b"\x80\x02)."}
    return zipped(records, records)


def names_in_many_pickles():
    """500 pickles of 8,000 names each that are made of 180 texts of 1,000 bytes."""
    texts = b"".join(text("io." * 333 + str(place)) + put(place) + b"0" for place in range(180))
    pairs = b"".join(get(first) + get(90 + second) + b"\x930" for first in range(90) for second in range(90))
    records = {f"{place}.pkl": b"\x80\x04" + texts + pairs + b"N." for place in range(90)}
    return zipped(records | {"data.pkl": b"\x80\x02N.", "constants.pkl": b"\x80\x02)."}, records)


def shared_archives():
    """An archive of 23 kB that is the contents of 30,000 entries."""
    header = local(b"a", struct.pack("<HH", 1, 0) * 5_000)
    entries = b"".join(listed(0, b"a") for _ in range(57))
    inner = header + entries + end(57, len(entries), len(header))
    outer = local(b"x", b"", len(inner))
    entries = b"".join(listed(0, b"%05x" % place, len(inner)) for place in range(30_000))
    return outer + inner + entries + end(30_000, len(entries), len(outer) + len(inner))


def shared_arguments(function, *arguments, count=60_000, states=b"", storages=None):
    """So many objects that the same call makes of the same arguments."""
    made = get(0) + get(1) + b"R" + (get(2) + b"b" if states else b"")
    start = (states + put(2) if states else b"") + function + put(0) + group(*arguments) + put(1)
    return archive(b"](" + start + made * count + b"e", 3, storages=storages)


def numbered(count):
    return b"}(" + b"".join(text(f"a{place}") + b"\x88" for place in range(count)) + b"u"


def plain(*others):
    """The arguments of a call that makes a tensor of one element."""
    return (storage(1), number(0), numbers([1]), numbers([1]), *others)


TENSOR_V2 = name("torch._utils", "_rebuild_tensor_v2")
ARRAY = (name("numpy", "ndarray"), numbers([0]), b"C\1b")


def dtype(*others):
    return call(name("numpy", "dtype"), text("f4"), b"\x89", b"\x88") + group(
        number(3), text("<"), b"N", b"N", b"N", number(-1), number(-1), number(0), *others) + b"b"


def same_tensors():
    return shared_arguments(TENSOR_V2, *plain(b"\x89", HOOKS), count=200_000)


def same_metadata():
    """60,000 tensors of which each has the same metadata of 20,000 entries."""
    return shared_arguments(TENSOR_V2, *plain(b"\x89", HOOKS, numbered(20_000)))


def same_metadata_names():
    """Metadata of 30 entries with names of 1,000 bytes."""
    metadata = b"}(" + b"".join(text(f"{place:0>1000}") + b"\x88" for place in range(30)) + b"u"
    return shared_arguments(TENSOR_V2, *plain(b"\x89", HOOKS, metadata), count=200_000)


def same_attributes():
    """60,000 tensors of a class that each have the same 20,000 attributes."""
    inner = group(*plain(b"\x89", HOOKS))
    return shared_arguments(
        name("torch._tensor", "_rebuild_from_type_v2"), TENSOR_V2, name("torch", "Tensor"), inner, numbered(20_000))


def same_scales():
    """40,000 quantized tensors with the same lists of 20,000 scales and zero points."""
    count = 20_000
    scales, zeros = b"](" + b"G?\xf0\0\0\0\0\0\0" * count + b"e", b"](" + b"K\0" * count + b"e"
    quantizer = group(name("torch", "per_channel_affine"), scales, zeros, number(0))
    return shared_arguments(
        name("torch._utils", "_rebuild_qtensor"), storage(count, kind="QInt8Storage"), number(0), numbers([count]), numbers([1]),
        quantizer, b"\x89", HOOKS, count=40_000, storages={"0": bytes(count)})


def same_jagged():
    """60,000 jagged tensors of the same dictionary of 20,000 entries."""
    parts = b"}(" + b"".join(number(place) + b"\x88" for place in range(20_000)) + text("values") + tensor([0, 2], [2, 1]) + b"u"
    return shared_arguments(name("torch.nested._internal.nested_tensor", "_rebuild_njt"), parts)


def same_array_state():
    """60,000 arrays of NumPy with a state of 100,000 objects."""
    return shared_arguments(
        name("numpy.core.multiarray", "_reconstruct"), *ARRAY, states=b"(" + b"N" * 100_000 + b"t")


def same_dtype_state():
    """60,000 scalars of a dtype whose state has 100,000 objects."""
    return shared_arguments(name("numpy.core.multiarray", "scalar"), dtype(b"N" * 100_000), content(b"abcd"))


def same_sizes():
    """60,000 sizes beside a tuple of 500,000 objects."""
    return archive(b"](" + b"(" + b"N" * 500_000 + b"t" + name("torch", "Size") + put(0) + b"K\1\x85\x85" + put(1)
                   + (get(0) + get(1) + b"R") * 200_000 + b"e")



def small_calls(function, *arguments, count, storages=None):
    """So many objects that a call makes of the same things, each time in a tuple of its own."""
    puts = b"".join(argument + put(place + 1) for place, argument in enumerate(arguments))
    made = get(0) + group(*(get(place + 1) for place in range(len(arguments)))) + b"R"
    return archive(b"](" + function + put(0) + puts + made * count + b"e", 3, storages=storages)


# Tensors are limited in proportion to the pickle.
LONG_TEXT = text("x" * 900_000) + b"0"


def many_tensors():
    """60,000 tensors in 18 bytes each, behind a text."""
    return small_calls(LONG_TEXT + TENSOR_V2, *plain(b"\x89", HOOKS), count=60_000)


def many_sparse():
    """40,000 sparse tensors in 9 bytes each, behind a text."""
    indices = strided(storage(1, "1", kind="LongStorage"), [1, 1], [1, 1])
    layout = call(name("torch.serialization", "_get_layout"), text("torch.sparse_coo"))
    parts = group(indices, tensor([1], [1]), numbers([1]))
    rebuild = name("torch._utils", "_rebuild_sparse_tensor")
    return small_calls(LONG_TEXT + rebuild, layout, parts, count=40_000, storages={"0": NUMBER, "1": bytes(8)})


def same_indices():
    """4,500 sparse tensors of the same 20,000 indices."""
    indices = strided(storage(20_000, "1", kind="LongStorage"), [1, 20_000], [20_000, 1])
    layout = call(name("torch.serialization", "_get_layout"), text("torch.sparse_coo"))
    parts = group(indices, strided(storage(1), [20_000], [0]), numbers([1]))
    return shared_arguments(
        name("torch._utils", "_rebuild_sparse_tensor"), layout, parts, count=4_500, storages={"0": NUMBER, "1": bytes(160_000)})


def same_elements():
    """16,000 tensors of the same 50,000 elements."""
    arguments = (storage(50_000), number(0), numbers([50_000]), numbers([1]), b"\x89", HOOKS)
    return shared_arguments(TENSOR_V2, *arguments, count=16_000, storages={"0": bytes(200_000)})


ALL = [
    unlisted_headers, unlisted_entries, header_of_many, headers_in_headers, end_records, marks_over_stack, inflating_texts,
    inflating_tuples, inflating_memo, inflating_names, inflating_new_names, inflating_attributes, dotted_gateways,
    wrapped_types, parameter_states, many_storages, many_names, many_lines, many_pickles, names_in_many_pickles,
    shared_archives, same_tensors, same_metadata, same_metadata_names, same_attributes, same_scales, same_jagged,
    same_array_state, same_dtype_state, same_sizes, same_indices, same_elements,
    many_tensors, many_sparse]
