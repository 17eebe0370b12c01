"""An end record of one part of an archive of several: the directory is on a disk that is not there."""
import struct

from archives import archive
from assembling import entries, state_dict

VERDICT, FINDINGS = "suspicious", ["refused"]
INSPECT, FIRES = "damagedArchive", {}


def build(canary):
    made = archive(entries(state_dict()))
    return {"disks.pth": made[:-18] + struct.pack("<HH", 3, 2) + made[-14:]}
