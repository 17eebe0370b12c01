"""Members of a tar that torch does not read: sys_info, and any other."""
from assembling import fired, integer, pickled
from tar_files import archive

VERDICT, FINDINGS, INSPECT = "dangerous", ["dangerousGlobal"], "inert"
FIRES = {}


def build(canary):
    none = pickled(integer(0))
    known = [("storages", none + pickled(b"]")), ("tensors", none), ("pickle", pickled(b"}"))]
    return {f"{word}.tar": archive([(word, fired(canary)), *known]) for word in ("sys_info", "notes")}
