"""An entry with a header of its own that the directory does not list: programs that go from header to header see it, those
that read the directory do not. Here it is a second data.pkl."""
from archives import Entry, archive
from assembling import entries, fired, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "hiddenPickle"]
INSPECT, FIRES = "inert", {"load": "accepts"}


def build(canary):
    return {
        "first.pth": archive([Entry("archive/data.pkl", fired(canary), listed=False)] + entries(state_dict())),
        "last.pth": archive(entries(state_dict()) + [Entry("archive/data.pkl", fired(canary), listed=False)])}
