"""An array of objects, as NumPy saves it, among the storages: numpy.load opens any archive, and the pickle in it."""
import struct

from assembling import checkpoint, fired, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert", {}


def build(canary):
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + fired(canary)
    return {
        "storage.pth": checkpoint(state_dict(), **{"data/extra.npy": array}),
        "record.pth": checkpoint(state_dict(), **{"extra.npy": array})}
