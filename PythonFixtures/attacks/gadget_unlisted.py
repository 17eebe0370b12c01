"""Classes that make a file while they are made, which hardly any list has. What is not known to be harmless has to be
reported; a list of what is dangerous is never complete."""
from assembling import call, checkpoint, integer, name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["unknownGlobal"], "inert", {"load": "runs"}


def build(canary):
    path = text(canary)
    calls = {
        "log": call(name("logging", "FileHandler"), path), "archive": call(name("zipfile", "ZipFile"), path, text("w")),
        "tar": call(name("tarfile", "TarFile"), path, text("w")), "database": call(name("sqlite3", "connect"), path),
        "memmap": call(name("numpy", "memmap"), path, text("uint8"), text("w+"), integer(0), integer(1)),
        "gzip": call(name("gzip", "GzipFile"), path, text("w")), "bz2": call(name("bz2", "BZ2File"), path, text("w"))}
    return {f"{word}.pth": checkpoint(state_dict(extra=made)) for word, made in calls.items()}
