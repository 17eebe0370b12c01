"""The ideas of this folder: each script is one."""
import dataclasses
import glob
import importlib.util
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
GROUPS = {
    "control": "harmless files, which have to be clean", "call": "ways to call", "name": "ways to say a name",
    "gadget": "functions that run code or touch files", "stopper": "what stops a scanner", "hidden": "places to hide in",
    "frame": "tricks with frames", "zip": "archives that readers understand differently", "cost": "time and memory",
    "tensor": "tensors that lie"}
READERS = {"load", "mmap", "weights_only", "export", "pickle", "pickle.py", "pickles", "zipfile"}


@dataclasses.dataclass
class Idea:
    """VERDICT, FINDINGS, INSPECT and FIRES of a script; see the README of the fixtures."""

    name: str
    about: str
    verdict: str
    findings: list
    inspect: object
    fires: dict
    build: object

    @property
    def group(self):
        return self.name.split("_")[0]

    def row(self, file):
        """The row of one of its files. What differs between files is a dictionary of them."""
        inspect = self.inspect.get(file, "inert") if isinstance(self.inspect, dict) else self.inspect
        fires = {reader: happens.get(file) if isinstance(happens, dict) else happens for reader, happens in self.fires.items()}
        return {"file": f"{self.name}/{file}", "idea": self.name, "about": self.about, "verdict": self.verdict,
                "findings": self.findings, "inspect": [inspect] if isinstance(inspect, str) else list(inspect),
                "fires": {reader: happens for reader, happens in fires.items() if happens}}


def load(path):
    word = os.path.splitext(os.path.basename(path))[0]
    specification = importlib.util.spec_from_file_location("attacks." + word, path)
    script = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(script)
    return Idea(word, script.__doc__, script.VERDICT, script.FINDINGS, script.INSPECT, script.FIRES, script.build)


def ideas(only=None):
    paths = [path for group in GROUPS for path in sorted(glob.glob(os.path.join(HERE, group + "_*.py")))]
    found = [load(path) for path in paths if only is None or os.path.basename(path)[:-3] in only]
    if only and len(found) != len(only):
        raise SystemExit(f"no such idea among {', '.join(only)}")
    for idea in found:
        assert idea.verdict in ("dangerous", "suspicious", "clean"), idea.name
        assert idea.about and idea.inspect and set(idea.fires) <= READERS, idea.name
    return found


def write(folder, chosen):
    """Build the files of all ideas, each idea's in a folder of its own; return the rows of index.json."""
    index = []
    for idea in chosen:
        home = os.path.join(folder, idea.name)
        os.makedirs(home, exist_ok=True)
        for name, content in idea.build(os.path.join(home, "canary")).items():
            with open(os.path.join(home, name), "wb") as file:
                file.write(content)
            if not name.endswith(".py"):
                index.append(idea.row(name))
    with open(os.path.join(folder, "index.json"), "w") as file:
        json.dump(index, file, indent=1)
    return index
