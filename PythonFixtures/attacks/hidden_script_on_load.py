"""Archives of TorchScript with a __setstate__: torch.jit.load, and torch.load that hands it on, run it."""
import control_script

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["scriptOnLoad", "scriptCode"], "inert", {}
STATEMENTS = b"    self.weight = state\n    return None\n"


def build(canary, statements=STATEMENTS):
    files = {}
    for name, space in {"script": b" ", "spaces": b"  ", "lines": b" \\\n "}.items():
        method = b"  def" + space + b"__setstate__(self: __torch__.M,\n    state: Tensor) -> NoneType:\n" + statements
        files[f"{name}.pt"] = control_script.archive(control_script.CODE + method)
    return files
