"""50,000 calls, or 20,000 pickles hidden one behind the other: a report that lists each is longer than the file."""
from assembling import POP, call, checkpoint, name, pickled, state_dict, text

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {}
INSPECT = {"hidden.pth": "malformedPickle"}


def build(canary):
    second = pickled(call(name("posix", "system"), text("true")))
    calls = name("posix", "system") + b"q\0" + POP + (b"h\0" + text("true") + b"\x85R0") * 50_000
    return {
        "calls.pth": checkpoint(calls + state_dict()),
        "hidden.pth": checkpoint(b"", **{"data.pkl": pickled(state_dict()) + second * 20_000})}
