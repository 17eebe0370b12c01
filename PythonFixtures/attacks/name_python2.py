"""Names of Python 2, which Python 3 translates up to protocol 2: __builtin__ is builtins, commands is subprocess,
copy_reg is copyreg. A list that has the new names only takes them for unknown."""
from assembling import call, checkpoint, name, program, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    calls = {
        "builtin.pth": call(name("__builtin__", "eval"), text(program(canary))),
        "commands.pth": call(name("commands", "getoutput"), text(shell(canary)))}
    return {file: checkpoint(state_dict(extra=made)) for file, made in calls.items()}
