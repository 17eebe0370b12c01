"""Writing fixtures: one folder, one way to save, and the patches that make torch write what this machine lacks."""
import contextlib
import inspect
import io
import os
import zipfile

import torch

EPOCH = (1980, 1, 1, 0, 0, 0)


class Folder:
    """A folder of fixtures. What this torch cannot make is skipped and remembered, so older torch versions work."""

    def __init__(self, root):
        self.root = root
        self.skipped = []
        os.makedirs(root, exist_ok=True)

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)

    def save(self, name, make, **options):
        """`torch.save` of what `make` returns, seeded afresh so that files do not depend on each other."""
        def body():
            torch.manual_seed(0)
            torch.save(make(), self.path(name), **options)
        self.attempt(name, body)

    def attempt(self, name, body):
        try:
            body()
        except Exception as error:
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
            self.skipped.append((name, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"))


def saved_bytes(value, **options):
    """The bytes of `torch.save` to a file object."""
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


@contextlib.contextmanager
def location_tags(tag):
    """Save as if storages lived elsewhere. `tag(n)` names the device of the n-th storage asked about; it has to build
    a new string each time, because torch's own device tags are new strings too (and the pickler sees identity)."""
    original, count = torch.serialization.location_tag, iter(range(1 << 30))
    torch.serialization.location_tag = lambda storage: tag(next(count))
    try:
        yield
    finally:
        torch.serialization.location_tag = original


class _NumberingMeta(type):
    def __instancecheck__(cls, value):
        return isinstance(value, str)

    def __call__(cls, value):
        if isinstance(value, int) and value > 1 << 16:
            return str(cls.numbers.setdefault(value, 94_000_000_000_000 + 64 * len(cls.numbers)))
        return str(value)


@contextlib.contextmanager
def stable_legacy_keys():
    """The legacy format names storages by memory address. Number them instead, so that bytes are reproducible, by
    giving torch.serialization a `str` that knows addresses from other integers."""
    numbering = _NumberingMeta("numbering_str", (), {"numbers": {}})
    torch.serialization.str = numbering
    source = torch.serialization.get_source_lines_and_file
    torch.serialization.get_source_lines_and_file = _anonymous_source
    try:
        yield
    finally:
        del torch.serialization.str
        torch.serialization.get_source_lines_and_file = source


def _anonymous_source(obj, error_msg=None):
    """Legacy files carry the source and path of every module class; a fixture should not carry this machine's."""
    return [f"class {obj.__name__}(Module):\n", "    pass\n"], 1, obj.__module__.replace(".", "/") + ".py"


def records(data):
    """(name, bytes) of each entry in a zip, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def zipped(entries, method=zipfile.ZIP_STORED):
    """A zip that Python wrote, with a fixed date: no alignment, sizes in the local headers."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = method
            archive.writestr(info, content)
    return buffer.getvalue()


def torch_zipped(entries, root="archive"):
    """A zip that torch's own container writer wrote around records given by hand (`version` and the id it adds)."""
    buffer = io.BytesIO()
    writer = torch._C.PyTorchFileWriter(buffer)
    for name, content in entries:
        name = name.split("/", 1)[1]
        if name not in ("version", ".data/serialization_id"):
            writer.write_record(name, content, len(content))
    writer.write_end_of_file()
    return buffer.getvalue()


def possible(makers, **options):
    """The values of those makers whose value this torch can make, save and load again."""
    found, missing = {}, []
    for name, make in makers.items():
        try:
            with stable_legacy_keys():
                torch.manual_seed(0)
                value = make()
                reloaded(saved_bytes(value, **options))
            found[name] = value
        except Exception as error:
            missing.append(f"{name} ({type(error).__name__})")
    return found, missing


def reloaded(data):
    if "weights_only" in inspect.signature(torch.load).parameters:
        return torch.load(io.BytesIO(data), weights_only=False)
    return torch.load(io.BytesIO(data))


CONTAINERS = {"": {}, "_legacy": {"_use_new_zipfile_serialization": False}}


def save_entries(folder, name, makers, suffixes=tuple(CONTAINERS)):
    """One value per maker in a zip and in a legacy file; what the torch can't write there is left out and remembered."""
    for suffix in suffixes:
        options = CONTAINERS[suffix]
        entries, missing = possible(makers, **options)
        if missing:
            folder.skipped.append((f"{name}{suffix}.pth", ", ".join(missing)))
        if entries:
            with stable_legacy_keys():
                folder.save(f"{name}{suffix}.pth", lambda: entries, **options)


def save_both(folder, name, make):
    """One value in a zip and in a legacy file."""
    for suffix, options in CONTAINERS.items():
        entries, missing = possible({name: make}, **options)
        if missing:
            folder.skipped.append((f"{name}{suffix}.pth", missing[0]))
        else:
            with stable_legacy_keys():
                folder.save(f"{name}{suffix}.pth", lambda: entries[name], **options)
