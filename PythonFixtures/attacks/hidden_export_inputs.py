"""The sample inputs of an exported program are a file of torch.save. torch.export.load tries weights_only first, and loads
them without when that fails: what is refused is run."""
import json

from archives import Entry, archive
from assembling import checkpoint, group, payload

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {"export": "runs"}
INSPECT = "inert"
GRAPH = {"inputs": [], "outputs": [], "nodes": [], "tensor_values": {}, "sym_int_values": {}, "sym_bool_values": {}}
PROGRAM = {
    "graph_module": {"graph": GRAPH, "signature": {"input_specs": [], "output_specs": []}, "module_call_graph": []},
    "opset_version": {}, "range_constraints": {}, "schema_version": {"major": 8, "minor": 20}, "verifiers": [], "torch_version": "2.13.0"}


def program(**records):
    parts = {
        "archive_format": b"pt2", "archive_version": b"0", "models/model.json": json.dumps(PROGRAM).encode(),
        "data/weights/model_weights_config.json": b'{"config": {}}', "data/constants/model_constants_config.json": b'{"config": {}}',
        "data/sample_inputs/model.pt": checkpoint(group(b")", b"}")), "byteorder": b"little", "version": b"3\n"}
    return archive([Entry("program/" + record, content) for record, content in (parts | records).items()])


def build(canary):
    inputs = checkpoint(group(group(payload(canary)), b"}"))
    return {"inputs.pt2": program(**{"data/sample_inputs/model.pt": inputs})}
