"""Entries whose contents, or whose headers, would lie behind the end of the file."""
from archives import archive, replaced
from assembling import entries, state_dict

VERDICT, FINDINGS = "suspicious", ["refused"]
INSPECT, FIRES = ("truncated", "damagedArchive", "contradictoryHeaders"), {}
LIES = {
    "size": {"both": {"size": 0x7FFFFFF0, "packed": 0x7FFFFFF0}}, "offset": {"central": {"offset": 0x7FFFFFF0}},
    "end": {"central": {"offset": 1 << 12}}}


def build(canary):
    return {f"{word}.pth": archive(replaced(entries(state_dict()), "data/0", **lie)) for word, lie in LIES.items()}
