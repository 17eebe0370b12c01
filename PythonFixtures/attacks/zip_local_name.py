"""By its own header data.pkl is called otherwise: torch goes by the directory, programs that go from header to header, and
Python, which compares the two and gives up, see no data.pkl."""
from archives import archive, replaced
from assembling import entries, payload, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "contradictoryHeaders", "refused"]
INSPECT, FIRES = "contradictoryHeaders", {"load": "runs"}


def build(canary):
    return {
        f"{len(word)}.pth": archive(replaced(entries(state_dict(extra=payload(canary))), "data.pkl", local={"name": word}))
        for word in (b"archive/notes.tx", b"archive/data.json", b"")}
