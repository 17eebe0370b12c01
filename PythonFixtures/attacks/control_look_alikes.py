"""Storages whose first bytes are those of a pickle, a zip or a tar, as numbers can be; but none of them goes on like one."""
import struct

from assembling import checkpoint, state_dict, storage, tensor

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts", "weights_only": "accepts"}
BEGINNINGS = [b"\x80\x02", b"\x80\x04\x95\x00", b"PK\3\4", b"PK\5\6", b"(dp0", b"cos\n", b"\x1f\x8b\x08"]


def build(canary):
    numbers = struct.pack("<32f", *(place * 0.37 - 5 for place in range(32)))
    contents = {f"data/{place + 1}": start + numbers[len(start):] for place, start in enumerate(BEGINNINGS)}
    tensors = {f"t{place}": tensor((32,), (1,), source=storage(32, str(place + 1))) for place in range(len(BEGINNINGS))}
    return {"alike.pth": checkpoint(state_dict(**tensors), **contents)}
