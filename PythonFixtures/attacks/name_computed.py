"""One of the words is the result of a call, made when the file is loaded. No name is written anywhere."""
from assembling import call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["computedName"], "unexpectedObject", {"load": "runs"}


def build(canary):
    words = (call(name("_codecs", "encode"), text(word), text("rot13")) for word in ("cbfvk", "flfgrz"))
    return {"computed.pth": checkpoint(state_dict(extra=call(b"".join(words) + b"\x93", text(shell(canary)))), 4)}
