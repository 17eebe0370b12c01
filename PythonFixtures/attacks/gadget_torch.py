"""Functions of torch that run text or start programs; each was made for torch's own use and is on no list of Python's."""
import os

from assembling import NONE, call, checkpoint, name, program, shell, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    code, folder = text(program(canary)), os.path.dirname(canary)
    calls = {
        "collect_env": call(name("torch.utils.collect_env", "run"), text(shell(canary))),
        "exec_wrapper": call(name("torch.jit.unsupported_tensor_ops", "execWrapper"), code, b"}", b"}"),
        "guards": call(stack_name("torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression"), NONE, code, b"]"),
        "graph": call(name("torch.fx.graph_module", "_forward_from_src"), code, b"}"),
        "hub": call(name("torch.hub", "_load_local"), text(folder), text("entry"))}
    files = {f"{word}.pth": checkpoint(state_dict(extra=made), 4) for word, made in calls.items()}
    return files | {"hubconf.py": f"{program(canary)}\ndef entry(): pass\n".encode()}
