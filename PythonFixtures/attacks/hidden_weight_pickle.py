"""A program of torch.export with a weight that its config says is pickled, of protocol 0 and of any name."""
import json

from assembling import STOP, SYSTEM, group, shell, text
from hidden_export_inputs import program

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {}


def build(canary):
    payload = b"cos\nsystem\n(V" + shell(canary).encode() + b"\ntR."
    config = {"config": {"w": {"path_name": "evil", "is_param": True, "use_pickle": True, "tensor_meta": None}}}
    return {"weight.pt2": program(**{
        "data/weights/model_weights_config.json": json.dumps(config).encode(), "data/weights/evil": payload})}
