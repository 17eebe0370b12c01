"""Makes the seeds and the dictionary that Scripts/fuzz begins with. Needs no torch.

    python3 PythonFixtures/fuzz_seeds.py FOLDER

FOLDER/seeds/TARGET has one file for each fixture that says something to that target, taken apart
where the target puts it together itself; FOLDER/dictionary has the words that libFuzzer inserts.
"""

import hashlib
import io
import json
import pathlib
import pickletools
import re
import struct
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Larger ones say nothing that smaller ones do not, and each change of them would take longer.
LONGEST = 16 << 10


def pickle_length(data):
    """The length of the pickle that the bytes begin with, or None."""
    try:
        for opcode, _, position in pickletools.genops(io.BytesIO(data)):
            if opcode.name == "STOP":
                return position + 1
    except Exception:  # whatever a damaged pickle makes of pickletools
        return None


def behind_pickles(data, count):
    """What follows the first pickles, or None when there are fewer."""
    for _ in range(count):
        length = pickle_length(data)
        if length is None:
            return None
        data = data[length:]
    return data


def pickles_in_archive(data):
    """The pickles in a zip archive."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        return [archive.read(name) for name in archive.namelist() if name.endswith(".pkl")]
    except Exception:  # the damaged ones
        return []


def repetitions():
    """Pickles and headers of which parts are to be repeated: what the target `repeated` is for."""
    yield bytes([0, 1, 17, 128, 3, 15]) + b"N(l0"
    yield bytes([0, 30, 12, 0, 0, 0]) + b"PK\3\4" + bytes(22) + b"\xff\xff\0\0"
    yield bytes([0, 3, 8, 90, 10, 12]) + b"cm\nio.io.io.io\n0."
    yield bytes([0, 4, 12, 128, 4, 12]) + b"}K\0s\x85)R0"
    yield bytes([0, 16, 12, 128, 16, 12]) + b"ctorch._utils\n_rebuild_parameter\n(\x88tR"


def safetensors():
    """Some files, and what the target takes for one: the header, a zero byte and the data."""
    headers = [
        {},
        {"__metadata__": {"format": "pt"}},
        {"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}},
        {
            "__metadata__": {"b": "a"},
            "a": {"dtype": "BF16", "shape": [4], "data_offsets": [0, 8]},
            "c": {"dtype": "BOOL", "shape": [], "data_offsets": [8, 9]},
            "d": {"dtype": "C64", "shape": [1, 2], "data_offsets": [9, 25]},
            "e": {"dtype": "F8_E4M3", "shape": [0, 7], "data_offsets": [25, 25]},
        },
    ]
    for header in headers:
        text = json.dumps(header).encode()
        size = max((entry["data_offsets"][1] for entry in header.values() if "dtype" in entry), default=0)
        data = bytes(size)
        yield struct.pack("<Q", len(text)) + text + data
        yield text + b"\0" + data


def escaped(text):
    """The bytes that a cell of Specs/opcodes.tsv spells."""
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def opcode_examples():
    """The pickles of Specs/opcodes.tsv, and the opcodes themselves."""
    rows = [line.split("\t") for line in (ROOT / "Specs/opcodes.tsv").read_text().splitlines()]
    column = {name: place for place, name in enumerate(rows[0])}
    for row in rows[1:]:
        yield bytes([int(row[0], 16)]), [
            escaped(row[column[name]]) for name in ("example", "refused example")
        ]


def words():
    """The words of the dictionary."""
    yield from (opcode for opcode, _ in opcode_examples())
    names = {line.split("\t")[0] for line in (ROOT / "Specs/rebuild-globals.tsv").read_text().splitlines()[1:]}
    names |= set((ROOT / "Specs/weights-only-globals.txt").read_text().split())
    for name in sorted(names):
        module, _, attribute = name.rpartition(".")
        if module:
            yield f"c{module}\n{attribute}\n".encode()
    for text in ["storage", "cpu", "cuda:0", "_metadata", "version", "state_dict", "latin1"]:
        yield b"X" + struct.pack("<I", len(text)) + text.encode()
    for number in [0, 1, -1, 63, 64, 65, 2**31 - 1, -(2**31)]:
        yield b"J" + struct.pack("<i", number)
    for number in [2**62, 2**63 - 1, -(2**63), 2**32]:
        yield b"\x8a\x08" + struct.pack("<q", number)
    yield from [b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"ustar\x0000", b"q\0", b"h\0"]
    yield from [b"(K\1K\2t", b"}(", b"u.", b"tR.", b"tb.", b"Q.", b'"data_offsets":[0,0]', b'"dtype":"F32"']


def main():
    folder = pathlib.Path(sys.argv[1])

    def keep(target, data):
        if not 0 < len(data) <= LONGEST:
            return
        place = folder / "seeds" / target / hashlib.sha1(data).hexdigest()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def keep_pickle(data):
        for target in ("pickle", "tensors", "roundtrip"):
            keep(target, data)

    for path in sorted((ROOT / "PythonFixtures/files").rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        for target in ("checkpoint", "roundtrip", "scan"):
            keep(target, data)
        keep("repeated", bytes([64, 16, 10, 192, 46, 10]) + data)
        if data.startswith(b"PK"):
            keep("archive", data)
            for pickle in pickles_in_archive(data):
                keep_pickle(pickle)
        elif data[257:262] == b"ustar":
            keep("tar", data)
        elif data.startswith(b"\x80\x02\x8a\n"):
            rest = behind_pickles(data, 3)
            if rest:
                keep("legacy", rest)
        elif pickle_length(data) == len(data):
            keep_pickle(data)
    for _, examples in opcode_examples():
        for example in examples:
            keep("pickle", example)
    for data in repetitions():
        keep("repeated", data)
    for data in safetensors():
        keep("safetensors", data)
    lines = ['"' + re.sub(r"..", r"\\x\g<0>", word.hex()) + '"' for word in words()]
    (folder / "dictionary").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
