"""What attacks are put together from: the instructions of pickles, payloads, and pickles in each container.

A payload makes an empty file, the *canary*, and nothing else. `build(canary)` of an attack is given its path; files that
an attack names besides lie in the folder of the canary.
"""
import os
import pickle
import shlex
import struct
import sys

sys.path.insert(1, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from archives import Entry, archive
from costly.parts import get, put, text

STOP, POP, NONE, MARK, EMPTY, DICT, DUP, MEMOIZE = b".", b"0", b"N", b"(", b")", b"}", b"2", b"\x94"


# Instructions.

def short(word):
    """A text of protocol 4."""
    return b"\x8c" + bytes([len(word.encode())]) + word.encode()


def data(content):
    """A bytes object of protocol 3."""
    return b"B" + struct.pack("<I", len(content)) + content


def integer(value):
    return pickle.dumps(value, 2)[2:-1]


def name(module, word):
    """A class or function by GLOBAL."""
    return f"c{module}\n{word}\n".encode()


def stack_name(module, word):
    """The same by STACK_GLOBAL of protocol 4, which follows the dots in `word`."""
    return text(module) + text(word) + b"\x93"


def group(*items):
    return MARK + b"".join(items) + b"t"


def call(function, *arguments):
    return function + group(*arguments) + b"R"


def dictionary(**entries):
    return b"}(" + b"".join(text(key) + value for key, value in entries.items()) + b"u"


def frame(body, length=None):
    return b"\x95" + struct.pack("<Q", len(body) if length is None else length) + body


def pickled(body, protocol=2):
    return b"\x80" + bytes([protocol]) + body + STOP


# Payloads.

SYSTEM = name("posix", "system")
STORAGE = struct.pack("<12f", *range(12))


def shell(canary):
    """A command that makes the canary."""
    return ": > " + shlex.quote(canary)


def program(canary):
    """A statement of Python that makes the canary; an expression, too."""
    return f"open({canary!r}, 'w')"


def payload(canary):
    """The plainest call there is, for attacks whose idea lies elsewhere."""
    return call(SYSTEM, text(shell(canary)))


def fired(canary):
    """A whole pickle that runs the payload, and is None then."""
    return pickled(payload(canary) + POP + NONE)


# Tensors.

HOOKS = call(name("collections", "OrderedDict"))


def numbers(values):
    return group(*map(integer, values))


def storage(count=12, key="0", kind="FloatStorage", location="cpu"):
    return group(text("storage"), name("torch", kind), text(key), text(location), integer(count)) + b"Q"


def tensor(shape=(3, 4), strides=(4, 1), offset=0, source=None, hooks=HOOKS):
    """A call that rebuilds a tensor, by default all of the twelve numbers of storage 0."""
    return call(
        name("torch._utils", "_rebuild_tensor_v2"), source or storage(), integer(offset), numbers(shape),
        numbers(strides), b"\x89", hooks)


def state_dict(**others):
    """What training code saves: a weight, and what else is given."""
    return dictionary(weight=tensor(), **others)


# Containers.

def entries(body, protocol=2, **records):
    """The entries of a checkpoint whose pickle is `body`; `records` are more of them, or replace some."""
    parts = {"data.pkl": pickled(body, protocol), "byteorder": b"little", "data/0": STORAGE, "version": b"3\n"}
    return [Entry("archive/" + record, content) for record, content in (parts | records).items()]


def checkpoint(body, protocol=2, **records):
    """A file of torch.save, with all that torch asks for."""
    return archive(entries(body, protocol, **records))


MAGIC = integer(0x1950a86a20f9469cfc6c)


def legacy(body, magic=MAGIC, version=integer(1001), system=DICT, keys=b"](" + text("0") + b"e", contents=STORAGE):
    """A file of torch.save before torch 1.6, with a choice of what is in each of its pickles."""
    pickles = (pickled(part) for part in (magic, version, system, body, keys))
    return b"".join(pickles) + struct.pack("<q", len(contents) // 4) + contents


def legacy_tensor():
    """The tensor of storage 0 as legacy files have it: their references say what part of another storage it is."""
    return tensor(source=storage()[:-2] + NONE + b"tQ")
