"""A pickle inside a byte string, or inside a text one character a byte: it waits for somebody to load it."""
from assembling import call, checkpoint, data, fired, name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert", {"load": "accepts"}


def build(canary):
    inner = fired(canary)
    length = len(inner).to_bytes(8, "little")
    encoded = call(name("_codecs", "encode"), text(inner.decode("latin1")), text("latin1"))
    return {
        "bytes.pth": checkpoint(state_dict(extra=data(inner)), 3), "encoded.pth": checkpoint(state_dict(extra=encoded)),
        "long.pth": checkpoint(state_dict(extra=b"\x8e" + length + inner), 4),
        "bytearray.pth": checkpoint(state_dict(extra=b"\x96" + length + inner), 5)}
