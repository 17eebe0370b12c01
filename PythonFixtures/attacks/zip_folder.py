"""A storage that the directory calls a folder: torch's reader leaves its memory as it was, and says nothing."""
from archives import Entry, archive
from assembling import STORAGE, entries, state_dict

VERDICT, FINDINGS, INSPECT = "suspicious", ["contradictoryHeaders"], "contradictoryHeaders"
FIRES = {"load": {"storage.pth": "accepts"}, "weights_only": {"storage.pth": "accepts"}}


def build(canary):
    return {
        name: archive([
            Entry(entry.name, entry.contents, central={"attributes": 0x10}) if entry.name.endswith(record) else entry
            for entry in entries(state_dict())])
        for name, record in {"storage.pth": b"data/0", "pickle.pth": b"data.pkl", "order.pth": b"byteorder"}.items()}
