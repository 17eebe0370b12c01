"""BUILD updates the attributes of a module, too. Once torch._utils._rebuild_tensor_v2 is os.system, a call of the most
harmless name of all runs the command."""
from assembling import POP, SYSTEM, call, checkpoint, dictionary, name, shell, text

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal", "unknownGlobal"], {"load": "runs"}
INSPECT = "unexpectedObject"


def build(canary):
    patch = name("torch", "_utils") + dictionary(_rebuild_tensor_v2=SYSTEM) + b"b" + POP
    return {"patched.pth": checkpoint(patch + call(name("torch._utils", "_rebuild_tensor_v2"), text(shell(canary))))}
