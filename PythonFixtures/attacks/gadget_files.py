"""Functions that are known to write, move or remove files."""
import os

from assembling import call, checkpoint, name, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    beside = os.path.join(os.path.dirname(canary), "source.py")
    source, target = text(beside), text(canary)
    calls = {
        "copy": call(name("shutil", "copyfile"), source, target), 
        "link": call(name("posix", "symlink"), text("/dev/null"), target),
        "touch": call(stack_name("pathlib", "Path.touch"), call(name("pathlib", "Path"), target)),
        "fetched": call(name("urllib.request", "urlretrieve"), text("file://" + beside), target),
        "move": call(name("os", "rename"), source, target)}
    return {f"{word}.pth": checkpoint(state_dict(extra=made), 4) for word, made in calls.items()} | {"source.py": b""}
