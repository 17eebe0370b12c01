"""Functions that end the process, or stop it: no code of the attacker's runs, but no other code either."""
from assembling import call, checkpoint, integer, name, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "crash"}


def build(canary):
    return {
        "abort.pth": checkpoint(state_dict(extra=call(name("os", "abort")))),
        "signal.pth": checkpoint(state_dict(extra=call(name("signal", "raise_signal"), integer(6))))}
