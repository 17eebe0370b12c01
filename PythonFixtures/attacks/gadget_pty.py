"""pty.spawn starts a process at a terminal of its own; lists of dangerous modules lacked it for years."""
from assembling import call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    command = b"](" + b"".join(map(text, ("/bin/sh", "-c", shell(canary)))) + b"e"
    return {"pty.pth": checkpoint(state_dict(extra=call(name("pty", "spawn"), command)))}
