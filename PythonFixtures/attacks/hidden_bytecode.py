"""An archive for phones, without code: its instructions have a __setstate__ that makes a file."""
from assembling import EMPTY, checkpoint, group, name, pickled, tensor, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousScript", "scriptOnLoad"], "inert", {}


def build(canary):
    operators = group(text("operators"), group(group(text("aten::from_file"), text(""))))
    method = group(text("__torch__.M.__setstate__"), group(operators, group(text("constants"), group(text(canary)))))
    module = name("__torch__", "M") + EMPTY + b"\x81}(X\x06\x00\x00\x00weight" + tensor() + b"ub"
    return {"phone.ptl": checkpoint(module, **{"bytecode.pkl": pickled(group(method)), "constants.pkl": pickled(EMPTY)})}
