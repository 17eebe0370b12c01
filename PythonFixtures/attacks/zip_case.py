"""data.pkl and DATA.PKL: two names to Python and to file systems of Linux, one to torch."""
from archives import Entry, archive
from assembling import entries, payload, pickled, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "duplicateRecord", "refused"]
INSPECT, FIRES = "duplicateRecord", {}


def build(canary):
    return {"case.pth": archive(entries(state_dict()) + [Entry("archive/Data.Pkl", pickled(state_dict(extra=payload(canary))))])}
