"""Names of entries that lead out of the folder where the archive is unpacked: with `..`, absolute, with backslashes or a
drive of Windows."""
from archives import Entry, archive
from assembling import entries, state_dict

VERDICT, FINDINGS, FIRES = "suspicious", ["unsafePath"], {}
INSPECT = {f"{place}.pth": "unsupportedFormat" for place in (1, 2, 4, 6)}  # these are outside the root folder
NAMES = [
    "archive/../../canary", "../canary", "/tmp/canary", "archive/..\\..\\canary", "C:\\canary", "archive/data/../../../canary",
    "\\\\host\\canary"]


def build(canary):
    return {f"{place}.pth": archive(entries(state_dict()) + [Entry(word, b"x")]) for place, word in enumerate(NAMES)}
