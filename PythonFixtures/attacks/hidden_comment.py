"""The comment of the archive, or of an entry, is a pickle: nothing that lists records sees it."""
from archives import archive, replaced
from assembling import entries, fired, state_dict

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert"
FIRES = {}


def build(canary):
    made = entries(state_dict())
    commented = replaced(made, "version", both={"flags": 0}, central={"comment": fired(canary)})
    return {"archive.pth": archive(made, comment=fired(canary)), "entry.pth": archive(commented)}
