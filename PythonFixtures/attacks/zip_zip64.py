"""The ZIP64 end record and the old one lead to different directories; some readers prefer the one, some the other, and some
take single numbers from both."""
from archives import Entry, body, directory, end64, end_record
from assembling import entries, payload, pickled, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "refused"]
INSPECT, FIRES = ("contradictoryHeaders", "damagedArchive"), {"load": {"new.pth": "runs"}}


def build(canary):
    made = entries(state_dict())
    other = Entry("archive/data.pkl", pickled(state_dict(extra=payload(canary))))
    content, offsets = body([*made, other])
    first = directory([other, *made[1:]], [offsets[-1], *offsets[1:]])
    second = directory(made, offsets)

    def file(new, old):
        places = {"first": (len(first), len(content)), "second": (len(second), len(content) + len(first))}
        place = len(content) + len(first) + len(second)
        return content + first + second + end64(4, *places[new], place) + end_record(4, *places[old])
    return {"new.pth": file("first", "second"), "old.pth": file("second", "first")}
