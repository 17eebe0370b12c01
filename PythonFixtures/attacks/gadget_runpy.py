"""runpy runs a file of Python, or code that is compiled already. The file is a script next to the checkpoint."""
import os

from assembling import call, checkpoint, name, program, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    script = os.path.join(os.path.dirname(canary), "run_me.py")
    compiled = call(name("builtins", "compile"), text(program(canary)), text("x"), text("exec"))
    return {
        "run_path.pth": checkpoint(state_dict(extra=call(name("runpy", "run_path"), text(script)))),
        "run_module.pth": checkpoint(state_dict(extra=call(name("runpy", "run_module"), text("run_me")))),
        "run_code.pth": checkpoint(state_dict(extra=call(name("runpy", "_run_code"), compiled, b"}"))),
        "run_me.py": program(canary).encode()}
