"""torch's reader does not tell capitals: DATA.PKL is the model. A scanner that looks for data.pkl finds nothing."""
from archives import archive
from assembling import entries, payload, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    made = entries(state_dict(extra=payload(canary)))
    made[0].name = b"archive/DATA.PKL"
    return {"case.pth": archive(made)}
