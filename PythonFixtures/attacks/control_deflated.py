"""A data.pkl that is deflated, as zip programs make it; the storages are stored and aligned. Slower, but the same."""
from archives import archive, replaced
from assembling import entries, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts", "mmap": "accepts"}


def build(canary):
    return {"deflated.pth": archive(replaced(entries(state_dict()), "data.pkl", deflated=True))}
