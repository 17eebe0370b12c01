"""Pickles that ask for much by their instructions: counts, depth, slots, numbers and texts."""
import pickle
import struct

from parts import MEGABYTE, archive, bare, call, content, get, group, listed, mapped, name, number, put, text


def memo_bomb():
    """Lists of ten times the one before, 60 deep: 10^60 places."""
    body = b"]" + put(0)
    for level in range(60):
        body += b"0](" + get(level) * 10 + b"e" + put(level + 1)
    return archive(body)


def memo_slots():
    """100,000 slots of the memo, none next to another: the last and the first in turns."""
    slots = (slot if slot % 2 else 2**32 - 1 - slot for slot in range(2, 200_002, 2))
    return archive(b"N" + b"".join(put(slot) for slot in slots))


def scattered_slots():
    """200,000 slots from both ends: 0, 2^32 - 1, 1, 2^32 - 2, …"""
    return archive(b"N" + b"".join(put(slot) + put(2**32 - 1 - slot) for slot in range(100_000)))


def marks():
    """A million marks that nothing closes."""
    return archive(b"(" * 1_000_000)


def high_stack():
    """A million objects on the stack, which STOP leaves there."""
    return archive(b"N" * 1_000_000)


def deep_lists():
    """Lists nested a million deep."""
    return archive(b"]" * 1_000_000 + b"a" * 999_999)


def deep_tuples():
    return archive(b"N" + b"\x85" * 1_000_000)


def deep_dictionaries():
    return archive(b"}K\0" * 250_000 + b"Ns" + b"s" * 249_999)


def deep_objects():
    """What the class f makes, called, and what that makes, and so on."""
    return archive(name("m", "f") + b")R" * 500_000)


def deep_states():
    """Objects, each the state of the one around it."""
    return archive(name("m", "f") + put(0) + b"0" + (get(0) + b")R") * 200_000 + b"b" * 199_999)


def deep_frozen_sets():
    return archive(b"(" * 400_000 + b"N" + b"\x91" * 400_000, 4)


def wide_list():
    """A list of 600,000 lists."""
    return archive(b"](" + b"]" * 600_000 + b"e")


def wide_dictionary():
    return archive(b"}(" + b"".join(number(place) + b"}" for place in range(150_000)) + b"u")


def long_count():
    """LONG4 that is to be followed by 2 GiB."""
    return bare(b"\x8b" + struct.pack("<i", 2**31 - 1) + b"\1" * 64)


def negative_count():
    return bare(b"\x8b" + struct.pack("<i", -2**31) + b"\1" * 64)


def text_count():
    """BINUNICODE8 that is to be followed by 2^63 bytes."""
    return bare(b"\x8d" + struct.pack("<Q", 2**63) + b"x" * 64, 4)


def bytes_count():
    return bare(b"\x8e" + struct.pack("<Q", 2**64 - 1) + b"x" * 64, 4)


def array_count():
    return bare(b"\x96" + struct.pack("<Q", 2**62) + b"x" * 64, 5)


def frame_count():
    return bare(b"\x95" + struct.pack("<Q", 2**63 - 1) + b"N", 4)


def large_integer():
    """An integer of 8 million bits: its decimal digits take time in proportion to their square."""
    return bare(b"\x8b" + struct.pack("<I", 1_000_000) + b"\x55" * 1_000_000)


def referenced_integer():
    """20,000 references to an integer of 8 million bits."""
    return archive(b"](\x8b" + struct.pack("<I", 1_000_000) + b"\x55" * 1_000_000 + put(0) + get(0) * 20_000 + b"e")


def decimal_integers():
    """230 integers of 4300 digits."""
    return archive(b"](" + (b"L" + b"7" * 4_300 + b"L\n") * 230 + b"e")


def escapes():
    return archive(b"](" + (b"V" + b"\\u0041" * 80_000 + b"\n") * 2 + b"e")


def shared_text():
    """A text of 1 MB, at 10,000 places of lists that share their elements: 10 GB when it is printed."""
    value = MEGABYTE
    for _ in range(4):
        value = [value] * 10
    return archive(pickle.dumps(value, protocol=2)[2:-1])


def referenced_text():
    """A list of 20,000 references to a text of 1 MB."""
    return archive(pickle.dumps([MEGABYTE] * 20_000, protocol=2)[2:-1])


def encoded():
    """The call by which protocol 2 writes bytes, of 1 MB."""
    return call(name("_codecs", "encode"), text(MEGABYTE) + put(0), text("latin1"))


def encoded_bytes():
    """2,000 references to bytes of 1 MB that protocol 2 writes as text."""
    return archive(listed([encoded(), put(1), get(1) * 2_000]))


def encoded_again():
    """5,000 bytes, each made anew of one text of 1 MB."""
    again = call(name("_codecs", "encode") + put(2), get(0), text("latin1") + put(3))
    others = (get(2) + get(0) + get(3) + b"\x86R") * 5_000
    return archive(listed([encoded(), again, others]))


def encoded_keys():
    """A dictionary with 5,000 keys that are bytes made of one text of 1 MB."""
    again = mapped([(encoded(), b"N")]) + b"0" + name("_codecs", "encode") + put(2) + b"0" + text("latin1") + put(3) + b"0"
    entries = (get(2) + get(0) + get(3) + b"\x86RN") * 5_000
    return archive(again + b"}(" + entries + b"u")


def wrong_encoded():
    """5,000 calls that would decode a text of 1 MB whose last character is no byte."""
    body = text(MEGABYTE + "\u1234") + put(0) + b"0" + name("_codecs", "encode") + put(2) + b"0"
    body += text("latin1") + put(3) + b"0"
    return archive(body + b"](" + (get(2) + get(0) + get(3) + b"\x86R") * 5_000 + b"e")


def byte_arrays():
    """5,000 arrays of bytes, each made of one text of 1 MB."""
    body = text(MEGABYTE) + put(0) + b"0" + name("__builtin__", "bytearray") + put(2) + b"0"
    body += text("latin-1") + put(3) + b"0"
    return archive(body + b"](" + (get(2) + get(0) + get(3) + b"\x86R") * 5_000 + b"e")


def long_names():
    """100,000 classes whose module and name are one text of 1 MB."""
    return archive(b"](" + text(MEGABYTE) + put(0) + (get(0) + get(0) + b"\x93") * 100_000 + b"e", 4)


def many_names():
    """A module's name of 1000 bytes, and 30,000 classes of it."""
    body = text("m" * 1_000) + put(0)
    classes = b"".join(get(0) + b"\x8c\x05" + b"%05d" % place + b"\x93" for place in range(30_000))
    return archive(b"](" + body + classes + b"e", 4)


def instances():
    """OBJ takes its class from below its arguments, of which there are 500,000."""
    return archive(b"(" + name("m", "f") + b"N" * 500_000 + b"o")


def memo_of_bytes():
    """The same 1 MB of bytes at 100,000 places."""
    return archive(listed([content(MEGABYTE.encode()), put(0), get(0) * 100_000]), 3)


def shared_keys():
    """5,000 dictionaries whose only key is one text of 500 kB."""
    body = text(MEGABYTE[:500_000]) + put(0) + b"0"
    return archive(body + b"](" + (b"}" + get(0) + b"Ns") * 5_000 + b"e")


def repeated_persistent():
    """The same storage at 100,000 places."""
    names = group(text("storage"), name("torch", "FloatStorage"), text("0"), text("cpu"), number(1)) + put(0)
    return archive(names + b"0](" + (get(0) + b"Q") * 100_000 + b"e")


ALL = [
    memo_bomb, memo_slots, scattered_slots, marks, high_stack, deep_lists, deep_tuples, deep_dictionaries,
    deep_objects, deep_states, deep_frozen_sets, wide_list, wide_dictionary, long_count, negative_count, text_count,
    bytes_count, array_count, frame_count, large_integer, referenced_integer, decimal_integers, escapes, shared_text,
    referenced_text, encoded_bytes, encoded_again, encoded_keys, wrong_encoded, byte_arrays, long_names, many_names,
    instances, memo_of_bytes, shared_keys, repeated_persistent]
