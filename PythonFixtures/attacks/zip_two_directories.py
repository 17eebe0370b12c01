"""Two directories, each with an end record, of which one lists a harmless data.pkl and the other one the harmful one. The
end is searched from behind, but not by everyone."""
from archives import Entry, body, directory, end_record
from assembling import entries, payload, pickled, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "contradictoryHeaders", "refused"]
INSPECT, FIRES = "contradictoryHeaders", {"load": {"last.pth": "runs"}, "zipfile": {"last.pth": "runs"}}


def build(canary):
    made = entries(state_dict())
    other = Entry("archive/data.pkl", pickled(state_dict(extra=payload(canary))))
    content, offsets = body([*made, other])
    harmless = directory(made, offsets)
    harmful = directory([other, *made[1:]], [offsets[-1], *offsets[1:]])

    def file(first, second):
        start = len(content) + len(first) + 22
        return (content + first + end_record(4, len(first), len(content)) + second + end_record(4, len(second), start))
    return {"last.pth": file(harmless, harmful), "first.pth": file(harmful, harmless)}
