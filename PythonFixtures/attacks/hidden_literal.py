"""A pickle inside a byte string, or inside a text one character a byte: it waits for somebody to load it."""
from assembling import call, checkpoint, data, fired, name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert", {"load": "accepts"}


def build(canary):
    inner = fired(canary)
    latin = text(inner.decode("latin1"))
    return {
        "bytes.pth": checkpoint(state_dict(extra=data(inner)), 3), "encoded.pth": checkpoint(state_dict(extra=call(name("_codecs", "encode"), latin, text("latin1")))),
        "long.pth": checkpoint(state_dict(extra=b"\x8e" + len(inner).to_bytes(8, "little") + inner), 4),
        "bytearray.pth": checkpoint(state_dict(extra=b"\x96" + len(inner).to_bytes(8, "little") + inner), 5)}
