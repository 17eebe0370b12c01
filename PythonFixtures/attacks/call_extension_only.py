"""EXT2 and EXT4 with numbers that only the victim's program knows. Nobody can say what is called."""
from assembling import call, checkpoint, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["computedName"], "inert", {}


def build(canary):
    return {
        "ext2.pth": checkpoint(state_dict(extra=call(b"\x83\x01\x01"))),
        "ext4.pth": checkpoint(state_dict(extra=call(b"\x84\x01\x00\x01\x00")))}
