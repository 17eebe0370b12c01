"""An archive of TorchScript with a __setstate__: torch.jit.load, and torch.load that hands it on, run it."""
import control_script

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["scriptOnLoad", "scriptCode"], "inert", {}
STATEMENTS = b"    self.weight = state\n    return None\n"


def build(canary, statements=STATEMENTS):
    method = b"  def __setstate__(self: __torch__.M,\n    state: Tensor) -> NoneType:\n" + statements
    return {"script.pt": control_script.archive(control_script.CODE + method)}
