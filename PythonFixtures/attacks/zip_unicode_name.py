"""An extra field gives an entry another name, which some programs prefer: data.pkl there, a text file here."""
import struct
import zlib

from archives import Entry, archive
from assembling import entries, payload, pickled, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "refused"]
INSPECT, FIRES = "contradictoryHeaders", {}


def build(canary):
    shown, other = b"archive/notes", b"archive/data.pkl"
    extra = struct.pack("<HHBI", 0x7075, 5 + len(other), 1, zlib.crc32(shown)) + other
    return {"name.pth": archive(entries(state_dict()) + [Entry(shown, pickled(payload(canary)), both={"extra": extra, "flags": 0})])}
