"""Small checkpoints that were damaged, or whose pickles were put together anew: see weights_only.py."""

import io
import json
import os
import pickletools
import random
import zipfile

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
LARGEST = 12_000
# Names that torch accepts, in the places of others.
NAMES = [
    "collections OrderedDict", "collections Counter", "torch Size", "torch Tensor", "torch device", "torch FloatStorage",
    "torch LongStorage", "torch float32", "torch int64", "torch FloatTensor", "torch.nn.parameter Parameter",
    "torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter", "torch._utils _rebuild_sparse_tensor",
    "torch._utils _rebuild_qtensor", "torch._utils _rebuild_meta_tensor_no_storage", "torch.storage UntypedStorage",
    "torch.per_tensor_affine", "_codecs encode", "__builtin__ set", "__builtin__ bytearray", "__builtin__ complex",
    "torch.serialization _get_layout", "torch._tensor _rebuild_from_type_v2", "torch._utils _rebuild_tensor_v3"]
PLAIN = [b"N", b"\x88", b"\x89", b"]", b"}", b")", b"\x8f", b"K\x00", b"K\x01", b"K\x02", b"M\x00\x01", b"J\xff\xff\xff\xff",
         b"X\x00\x00\x00\x00", b"X\x01\x00\x00\x00a", b"G\x3f\xf0\x00\x00\x00\x00\x00\x00", b"\x8a\x00", b"\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01"]
ACTIONS = [b"(", b"0", b"a", b"e", b"s", b"u", b"t", b"\x85", b"\x86", b"\x87", b"R", b"\x81", b"b", b"Q", b"2", b"\x80\x02"]


def instructions(pickle):
    """The instructions of a pickle, each as its bytes, up to STOP."""
    places = [place for _, _, place in pickletools.genops(pickle)]
    return [pickle[start:end] for start, end in zip(places, places[1:])] + [b"."]


def change_bytes(random, content):
    content = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 1, 2))):
        content[random.randrange(len(content))] = random.choice((random.randrange(256), content[random.randrange(len(content))]))
    return bytes(content)


def changed_argument(random, instruction):
    """The instruction with another number, text or name, so that it stays one."""
    code = instruction[:1]
    if code == b"c":
        words = random.choice(NAMES).replace(" ", "\n", 1).encode()
        return b"c" + (words if b"\n" in words else words.replace(b".", b"\n")) + b"\n"
    if code == b"X":
        text = random.choice((b"", b"storage", b"cpu", b"0", b"1", b"cuda:0", b"meta", b"latin1", b"torch.sparse_coo", b"a"))
        return b"X" + len(text).to_bytes(4, "little") + text
    if code in (b"K", b"M", b"J"):
        value = random.choice((0, 1, 2, 3, 5, 8, 64, 255))
        return b"K" + bytes([value])
    if code in (b"\x88", b"\x89"):
        return random.choice((b"\x88", b"\x89", b"K\x01", b"N"))
    return change_bytes(random, instruction)


def change_instructions(random, pickle, pool):
    parts = instructions(pickle)
    for _ in range(random.choice((1, 1, 1, 1, 2))):
        place = random.randrange(max(len(parts) - 1, 1))
        kind = random.randrange(12)
        if kind == 0:
            del parts[place]
        elif kind == 1:
            parts.insert(place, parts[place])
        elif kind == 2:
            other = random.randrange(len(parts) - 1) if len(parts) > 1 else 0
            parts[place], parts[other] = parts[other], parts[place]
        elif kind == 3:
            parts[place] = random.choice(PLAIN)
        elif kind == 4:
            parts[place] = random.choice(ACTIONS)
        elif kind == 5:
            parts[place:place] = random.choice(pool)
        else:
            parts[place] = changed_argument(random, parts[place])
    return b"".join(parts)


class Source:
    """A checkpoint that is taken apart: what is in front of its object's pickle, the pickle, and what is behind."""

    def __init__(self, name, content):
        self.name, self.content, self.records = name, content, None
        if content[:4] == b"PK\3\4":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self.records = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
            self.pickle = next(content for record, content in self.records if record.lower().endswith("/data.pkl"))
        else:
            stream = io.BytesIO(content)
            for _ in range(3):
                for _ in pickletools.genops(stream):
                    pass
            self.start = stream.tell()
            for _ in pickletools.genops(stream):
                pass
            self.pickle = content[self.start:stream.tell()]

    def joined(self, pickle):
        if self.records is None:
            return self.content[:self.start] + pickle + self.content[self.start + len(self.pickle):]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for record, content in self.records:
                archive.writestr(zipfile.ZipInfo(record), pickle if record.lower().endswith("/data.pkl") else content)
        return buffer.getvalue()


def accepted_names():
    """The fixtures that torch takes: in others, most mutations meet what is refused anyway."""
    with open(os.path.join(os.path.dirname(FILES), "manifest.json")) as stream:
        return {row["file"] for row in json.load(stream) if row.get("weightsOnly")}


def sources():
    found, accepted = [], accepted_names()
    for folder in sorted(os.listdir(FILES)):
        for name in sorted(os.listdir(os.path.join(FILES, folder))):
            path = os.path.join(FILES, folder, name)
            if os.path.getsize(path) > LARGEST or f"{folder}/{name}" not in accepted:
                continue
            with open(path, "rb") as stream:
                content = stream.read()
            try:
                found.append(Source(f"{folder}/{name}", content))
            except zipfile.BadZipFile:
                continue
    return found


def write(folder, count, seed):
    """Writes files, and gives the path of each and what was done to it."""
    chance, files = random.Random(seed), sources()
    pool = [[part] for part in PLAIN + ACTIONS]
    for source in files:
        parts = instructions(source.pickle)[:-1]
        for _ in range(20):
            start = chance.randrange(len(parts))
            pool.append(parts[start:start + chance.choice((1, 2, 4, 12))])
    for number in range(count):
        source, kind = chance.choice(files), chance.choice(("instructions", "instructions", "instructions", "pickle", "file"))
        if kind == "file":
            content = change_bytes(chance, source.content)
        elif kind == "pickle":
            content = source.joined(change_bytes(chance, source.pickle))
        else:
            content = source.joined(change_instructions(chance, source.pickle, pool))
        path = os.path.join(folder, f"{number:05}.pth")
        with open(path, "wb") as stream:
            stream.write(content)
        yield path, {"about": f"{source.name}, {kind}, seed {seed}"}
