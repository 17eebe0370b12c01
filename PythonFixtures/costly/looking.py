"""Files that cost most when they are scanned or verified: what nobody else looks at, over and over."""
import struct

from containers import inflating
from parts import HOOKS, archive, bare, call, get, group, name, number, numbers, put, storage, strided, tensor, text

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
    """A header of 64 kB that 30,000 entries of the directory share; each has 16,000 fields, and a name of its own."""
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
    tensors = (strided(storage(1, str(place)), [1], [1]) + b"0" for place in range(7_000))
    return archive(b"".join(tensors) + b"N", storages=values)


ALL = [
    unlisted_headers, unlisted_entries, header_of_many, headers_in_headers, end_records, marks_over_stack, inflating_texts,
    inflating_tuples, inflating_memo, inflating_names, inflating_new_names, inflating_attributes, dotted_gateways,
    wrapped_types, parameter_states, many_storages]
