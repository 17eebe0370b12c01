"""Names that are data.pkl again when the archive is unpacked: `./data.pkl`, two slashes, a space or a dot at the end, which
Windows drops."""
from archives import Entry, archive
from assembling import entries, fired, state_dict

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle"], {"4.pth": "contradictoryHeaders"}
FIRES = {"zipfile": {"0.pth": "runs", "1.pth": "runs"}}
NAMES = ["archive/./data.pkl", "archive//data.pkl", "archive/data.pkl ", "archive/data.pkl.", "archive/data.pkl/"]


def build(canary):
    return {f"{place}.pth": archive(entries(state_dict()) + [Entry(word, fired(canary))]) for place, word in enumerate(NAMES)}
