"""A pickle in a literal of a pickle in a literal …, 300 deep; and 20,000 literals that all begin like pickles. Whoever looks
into each from each starts again and again."""
from assembling import checkpoint, data, fired, pickled

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert", {}


def build(canary):
    nested = fired(canary)
    for _ in range(300):
        nested = pickled(data(nested), 3)
    return {
        "nested.pth": checkpoint(data(nested), 3),
        "many.pth": checkpoint(b"](" + data(b"\x80\x02" + b"(" * 40) * 20_000 + data(fired(canary)) + b"e", 3)}
