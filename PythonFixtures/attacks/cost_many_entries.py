"""30,000 empty entries that nobody needs."""
from archives import Entry, archive
from assembling import entries, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts"}


def build(canary):
    return {"many.pth": archive(entries(state_dict()) + [Entry(f"archive/x{place}", b"") for place in range(30_000)])}
