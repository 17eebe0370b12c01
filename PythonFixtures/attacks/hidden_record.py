"""A pickle in a record that torch does not ask for, under names that look like one and names that do not. A program that
unpacks the archive, or knows the record, runs it."""
from assembling import checkpoint, fired, state_dict

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert"
FIRES = {"zipfile": {"0.pth": "runs", "4.pth": "runs"}}
RECORDS = ["extra.pkl", "optimizer.bin", "data/notes.txt", "README", "sub/folder/data.pkl", ".data/serialization_id", ".storage_alignment2"]


def build(canary):
    return {f"{place}.pth": checkpoint(state_dict(), **{record: fired(canary)}) for place, record in enumerate(RECORDS)}
