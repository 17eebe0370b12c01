"""pip installs, and runs the setup of, whatever package it is told to. Here it only writes its log."""
from assembling import call, checkpoint, name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    arguments = b"](" + b"".join(map(text, ("--log", canary, "list", "--no-index", "--disable-pip-version-check"))) + b"e"
    return {
        "main.pth": checkpoint(state_dict(extra=call(name("pip", "main"), arguments))),
        "internal.pth": checkpoint(state_dict(extra=call(name("pip._internal", "main"), arguments)))}
