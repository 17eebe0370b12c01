"""multiprocessing.util.spawnv_passfds starts a process, far from the modules that are known for it."""
from assembling import EMPTY, call, checkpoint, data, name, shell, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    command = b"](" + b"".join(map(data, (b"/bin/sh", b"-c", shell(canary).encode()))) + b"e"
    started = call(name("multiprocessing.util", "spawnv_passfds"), data(b"/bin/sh"), command, EMPTY)
    waited = call(name("os", "waitpid"), started, b"K\0")
    return {"spawnv.pth": checkpoint(state_dict(extra=waited), 3)}
