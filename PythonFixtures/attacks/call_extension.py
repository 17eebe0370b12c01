"""EXT1 is a number instead of a name. The pickle first registers the number itself: copyreg.add_extension."""
from assembling import POP, call, checkpoint, integer, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "computedName"], "inert", {"load": "runs"}


def build(canary):
    register = call(name("copyreg", "add_extension"), text("posix"), text("system"), integer(240)) + POP
    return {"extension.pth": checkpoint(register + state_dict(extra=call(b"\x82\xf0", text(shell(canary)))))}
