"""A second data.pkl in another folder of the archive. torch refuses such archives; others take the first data.pkl or each."""
from archives import Entry, archive
from assembling import entries, fired, state_dict

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {"zipfile": "runs"}
INSPECT = ("inert", "unsupportedFormat", "duplicateRecord", "damagedArchive")


def build(canary):
    return {
        "other.pth": archive(entries(state_dict()) + [Entry("other/data.pkl", fired(canary))]),
        "top.pth": archive(entries(state_dict()) + [Entry("data.pkl", fired(canary))])}
