"""Names that look like accepted ones: a prefix, a suffix, another case, a space, an invisible letter. An accepted name is
accepted as a whole, or not at all."""
from assembling import EMPTY, checkpoint, stack_name, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["unknownGlobal"], "inert", {}
NAMES = [
    ("torch._utils", "_rebuild_tensor_v2_"), ("torch._utils", "rebuild_tensor_v2"), ("Torch._utils", "_rebuild_tensor_v2"),
    ("torch._utils ", "_rebuild_tensor_v2"), ("collections", "orderedDict"), ("collections.OrderedDict", "fromkeys"),
    ("torch._utils\u200b", "_rebuild_tensor_v2"), ("torch._utils._rebuild_tensor_v2", ""), ("", "torch._utils._rebuild_tensor_v2")]


def build(canary):
    return {
        f"{place}.pth": checkpoint(state_dict(extra=stack_name(*words) + EMPTY + b"R"), 4) for place, words in enumerate(NAMES)}
