"""Functions and classes that are known to write, move or remove files."""
import os

from assembling import call, checkpoint, integer, name, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    beside = os.path.join(os.path.dirname(canary), "source.py")
    source, target = text(beside), text(canary)
    calls = {
        "copy": call(name("shutil", "copyfile"), source, target), "link": call(name("posix", "symlink"), text("/dev/null"), target),
        "touch": call(stack_name("pathlib", "Path.touch"), call(name("pathlib", "Path"), target)),
        "fetched": call(name("urllib.request", "urlretrieve"), text("file://" + beside), target),
        "archive": call(name("zipfile", "ZipFile"), target, text("w")), "tar": call(name("tarfile", "TarFile"), target, text("w")),
        "database": call(name("sqlite3", "connect"), target), "gzip": call(name("gzip", "GzipFile"), target, text("w")),
        "memmap": call(name("numpy", "memmap"), target, text("uint8"), text("w+"), integer(0), integer(1)),
        "storage": call(stack_name("torch", "UntypedStorage.from_file"), target, b"\x88", integer(4)),
        "mailbox": call(name("mailbox", "mbox"), target), "rotating": call(name("logging.handlers", "RotatingFileHandler"), target),
        "move": call(name("os", "rename"), source, target)}
    return {f"{word}.pth": checkpoint(state_dict(extra=made), 4) for word, made in calls.items()} | {"source.py": b""}
