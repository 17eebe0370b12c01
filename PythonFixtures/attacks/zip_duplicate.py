"""Two entries named data.pkl. One reader takes the first, another one the last, a third whichever its search meets."""
from archives import Entry, archive
from assembling import entries, payload, pickled, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "duplicateRecord", "refused"]
INSPECT, FIRES = "duplicateRecord", {"load": {"first.pth": "runs"}, "zipfile": {"last.pth": "runs"}}


def build(canary):
    harmless, harmful = pickled(state_dict()), pickled(state_dict(extra=payload(canary)))
    return {
        f"{word}.pth": archive(entries(state_dict(), **{"data.pkl": first}) + [Entry("archive/data.pkl", last)])
        for word, first, last in (("first", harmful, harmless), ("last", harmless, harmful))}
