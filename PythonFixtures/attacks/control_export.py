"""An exported program without nodes, whose sample inputs are a pair of nothing: the same archive as the attack's."""
from hidden_export_inputs import program

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"export": "accepts"}


def build(canary):
    return {"program.pt2": program()}
