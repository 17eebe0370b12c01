"""An entry that is a symbolic link, by the attributes that Unix programs give it. Unpacked, it leads anywhere, and an entry
below it is written there."""
from archives import Entry, archive
from assembling import entries, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["unsafePath"], "inert", {}


def build(canary):
    link = Entry("archive/link", canary.encode(), central={"made": 0x0314, "attributes": 0o120777 << 16})
    return {"link.pth": archive(entries(state_dict()) + [link])}
