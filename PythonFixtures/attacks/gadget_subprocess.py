"""What starts a process: subprocess by its functions and its class, os by its many names."""
from assembling import call, checkpoint, integer, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    command = b"](" + b"".join(map(text, ("/bin/sh", "-c", shell(canary)))) + b"e"
    calls = {
        "run": call(name("subprocess", "run"), command), "getoutput": call(name("subprocess", "getoutput"), text(shell(canary))),
        "check_output": call(name("subprocess", "check_output"), command),
        "spawnv": call(name("os", "spawnv"), integer(0), text("/bin/sh"), command),
        "posix_spawn": call(name("os", "waitpid"), call(name("posix", "posix_spawn"), text("/bin/sh"), command, b"}"), integer(0)),
        "popen": call(call(name("builtins", "getattr"), call(name("os", "popen"), text(shell(canary))), text("read")))}
    return {f"{word}.pth": checkpoint(state_dict(extra=made)) for word, made in calls.items()}
