"""A tar whose first name is BINUNICODE, which takes the rest of that header for a text; the file that follows is the rest of
the pickle."""
from assembling import POP, fired, integer, pickled
from tar_files import archive

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal", "hiddenPickle"], "inert"
FIRES = {"pickle": "runs", "pickle.py": "runs"}

# The text has 0x27f bytes: the header has 512 and the instruction 5, so 132 are of the file.
NAME = "X\x7f\x02"


def build(canary):
    none = pickled(integer(0))
    known = [("storages", none + pickled(b"]")), ("tensors", none), ("pickle", pickled(b"}"))]
    return {"named.tar": archive([(NAME, b"." * 132 + POP + fired(canary)), *known])}
