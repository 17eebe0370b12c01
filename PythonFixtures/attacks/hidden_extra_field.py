"""A pickle in the padding that torch puts before the contents of a record."""
import struct

from archives import archive, replaced
from assembling import entries, fired, state_dict

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert"
FIRES = {}


def build(canary):
    hidden = fired(canary)
    extra = b"FB" + struct.pack("<H", len(hidden)) + hidden
    return {"extra.pth": archive(replaced(entries(state_dict()), "version", local={"extra": extra}))}
