"""The functions of Python itself that run text, or open files for writing."""
from assembling import call, checkpoint, name, program, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    compiled = call(name("builtins", "compile"), text(program(canary)), text("x"), text("exec"))
    calls = {
        "eval": call(name("builtins", "eval"), text(program(canary))), "exec": call(name("builtins", "exec"), text(program(canary))),
        "compile": call(name("builtins", "exec"), compiled), "open": call(name("builtins", "open"), text(canary), text("w")),
        "io": call(name("io", "open"), text(canary), text("w")), "codecs": call(name("codecs", "open"), text(canary), text("w"))}
    return {f"{word}.pth": checkpoint(state_dict(extra=made)) for word, made in calls.items()}
