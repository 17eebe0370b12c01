"""The directory is cut off. Programs that go from header to header still read every record, and a payload."""
from archives import body
from assembling import entries, payload, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "damagedArchive", "refused"]
INSPECT, FIRES = "damagedArchive", {}


def build(canary):
    content, _ = body(entries(state_dict(extra=payload(canary))))
    return {"cut.pth": content}
