"""50,000 payloads, or 20,000 unreadable pickles hidden one behind the other: a report that lists each is longer than the
file."""
from assembling import POP, call, checkpoint, name, pickled, state_dict, text

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {}
INSPECT = {"hidden.pth": "malformedPickle"}


def build(canary):
    calls = name("posix", "system") + b"q\0" + POP + (b"h\0" + text("true") + b"\x85R0") * 50_000
    return {
        "calls.pth": checkpoint(calls + state_dict()),
        "hidden.pth": checkpoint(b"", **{"data.pkl": pickled(state_dict()) + pickled(call(name("posix", "system"), text("true"))) * 20_000})}
