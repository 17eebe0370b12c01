"""A descriptor behind the contents contradicts the directory, and is what programs that read from a pipe go by."""
import struct

from archives import archive
from assembling import entries, fired, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "hiddenPickle", "unlistedData"]
INSPECT, FIRES = "inert", {"load": "accepts"}


def build(canary):
    made = entries(state_dict())
    made[0].local = {"flags": 0x0808, "crc": 0, "packed": 0, "size": 0}
    made[0].central = {"flags": 0x0808}
    contents = made[0].contents
    made[0].packed = contents + b"PK\7\x08" + struct.pack("<3I", 0, len(contents) + 500, len(contents) + 500) + fired(canary)
    made[0].central |= {"packed": len(contents)}
    return {"descriptor.pth": archive(made)}
