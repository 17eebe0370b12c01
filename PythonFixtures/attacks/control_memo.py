"""Names that come from the memo, by GET and by protocol 4, each from the slot that it was put into."""
from assembling import (
    EMPTY, HOOKS, MEMOIZE, call, checkpoint, dictionary, get, integer, name, numbers, put, stack_name, storage, text)

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts"}


def rebuilt(function):
    return call(function, storage(), integer(0), numbers([12]), numbers([1]), b"\x89", HOOKS)


def build(canary):
    first = rebuilt(name("torch._utils", "_rebuild_tensor_v2") + put(7))
    words = text("collections") + MEMOIZE + text("OrderedDict") + MEMOIZE + b"\x93" + MEMOIZE + EMPTY + b"R"
    again = get(0) + get(1) + b"\x93" + EMPTY + b"R" + get(2) + EMPTY + b"R" + b"\x86"
    return {
        "memo.pth": checkpoint(dictionary(first=first, second=rebuilt(get(7)))),
        "memo_4.pth": checkpoint(dictionary(first=words, second=again, third=rebuilt(stack_name("torch._utils", "_rebuild_tensor_v2"))), 4)}
