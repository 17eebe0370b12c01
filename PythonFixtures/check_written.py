#!/usr/bin/env python3
"""Hold written checkpoints to what they were made from, with torch.

    check_written.py --batch TASKS     tasks from a file ("-": standard input), one JSON object per line
    check_written.py --self-test       show that every kind of difference is found

For each task a line is printed, {"ok": true} or {"ok": false, "why": "…"}; the exit status is 1 if any is false. Tasks:

    {"same": [ORIGINAL, WRITTEN]}                                 both load as the same
    {"original": PATH, "written": PATH, "edits": [EDIT, …]}       WRITTEN is ORIGINAL after the edits
    {"description": NAME.json, "written": PATH}                   WRITTEN is what a case of built.py describes
    {"records": [ORIGINAL, WRITTEN, [NAME, …]]}                   all records but these are equal, and in equal order

`"weightsOnly": false` loads what torch.load(weights_only=True) refuses. README.md has the edits.
"""
import argparse
import contextlib
import gc
import json
import os
import sys
import warnings
import zipfile
import zlib

import torch
import torch.utils.serialization

import built
from comparing import Comparer, Difference, Loaded, require
from editing import Edited
from manifest import Recorder
from memory import CompactMemory, SameMemory


def load(path, weights_only, mmap=False, calculate=False):
    recorder = Recorder()
    with calculating(calculate), stated_devices():
        value = torch.load(path, map_location=recorder, weights_only=weights_only, mmap=mmap)
    loaded = Loaded(value, recorder.locations)
    loaded.kept = recorder.kept
    return loaded


@contextlib.contextmanager
def stated_devices():
    """Have the devices that calls state be as they are; for these, torch takes no function as map_location."""
    before, torch._utils._get_restore_location = torch._utils._get_restore_location, lambda device: device
    try:
        yield
    finally:
        torch._utils._get_restore_location = before


@contextlib.contextmanager
def calculating(wanted):
    """Have torch calculate where storages lie, in files whose format version promises that it can."""
    config = getattr(getattr(torch.utils.serialization, "config", None), "load", None)
    if config is None or not wanted:
        yield
        return
    before, config.calculate_storage_offsets = config.calculate_storage_offsets, True
    os.environ["TORCH_SERIALIZATION_DEBUG"] = "1"
    try:
        yield
    finally:
        config.calculate_storage_offsets = before
        del os.environ["TORCH_SERIALIZATION_DEBUG"]


def compare(wanted, found, any_nan=False, compact=None):
    memory = SameMemory(any_nan) if compact is None else CompactMemory(**compact)
    Comparer(wanted, found, memory).compare()


WAYS = {"with mmap": {"mmap": True}, "calculating offsets": {"calculate": True}, "with both": {"mmap": True, "calculate": True}}


def can_read(path, weights_only, way):
    """Whether torch reads the file in a way as it does plainly; it reads some containers wrongly."""
    try:
        compare(load(path, weights_only), load(path, weights_only, **way))
        return True
    except Exception:
        return False


def is_archive(path):
    with open(path, "rb") as file:
        return file.read(4) == b"PK\x03\x04"


def hold(wanted, written, weights_only, original=None, **options):
    """Compare what a file holds, read in every way that torch has and that the original can be read in."""
    compare(wanted, load(written, weights_only), **options)
    # These are ways of reading archives; torch refuses mmap for other files.
    for name, way in WAYS.items() if is_archive(written) else ():
        try:
            compare(wanted, load(written, weights_only, **way), **options)
        except Exception as error:
            if original is None or can_read(original, weights_only, way):
                raise Difference(f"{name}: {describe(error)}") from error


def check_same(task):
    original, written = task["same"]
    weights_only = task.get("weightsOnly", True)
    hold(load(original, weights_only), written, weights_only, original)


def check_edits(task):
    original, weights_only = task["original"], task.get("weightsOnly", True)
    edited = Edited(load(original, weights_only))
    for edit in task["edits"]:
        edited.apply(edit)
    hold(edited.loaded, task["written"], weights_only, original, any_nan=edited.any_nan, compact=edited.compact)


def check_description(task):
    with open(task["description"]) as file:
        fields = json.load(file)
    with open(os.path.splitext(task["description"])[0] + ".bin", "rb") as file:
        value, locations = built.build(fields, file.read())
    hold(Loaded(value, locations), task["written"], task.get("weightsOnly", True))


def records(path):
    """The records without their root, in order, each with what its checksum is: right, 0 or wrong."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            with archive.open(info) as file:
                file._expected_crc = None
                content = file.read()
            checksum = "right" if info.CRC == zlib.crc32(content) else "wrong" if info.CRC else "0"
            found[info.filename.split("/", 1)[-1]] = content, checksum
    return found


def check_records(task):
    original, written, others = task["records"]
    wanted, found = ({name: content for name, content in records(path).items() if name not in others} for path in (original, written))
    if list(wanted) != list(found):
        raise Difference(f"records {list(found)[:40]}, expected {list(wanted)[:40]}")
    for name, (content, checksum) in wanted.items():
        if content != found[name][0]:
            raise Difference(f"record {name} differs ({len(found[name][0])} bytes, expected {len(content)})")
        require(f"record {name}", "checksum is", checksum, found[name][1])


CHECKS = {"same": check_same, "edits": check_edits, "description": check_description, "records": check_records}


def describe(error):
    line = (str(error).splitlines() or [""])[0]
    return line if isinstance(error, Difference) else f"{type(error).__name__}: {line}"[:400]


def answer(task):
    """The answer to one task, whatever happens in it."""
    try:
        next(check for name, check in CHECKS.items() if name in task)(task)
        return {"ok": True}
    except StopIteration:
        return {"ok": False, "why": f"no such task: {sorted(task)}"}
    except Exception as error:
        return {"ok": False, "why": describe(error)}


def batch(lines):
    """Answer each line at once, so that what ends the process is known by the answer that is missing."""
    good = True
    for place, line in enumerate(filter(str.strip, lines)):
        result = answer(json.loads(line))
        good = good and result["ok"]
        print(json.dumps(result), flush=True)
        if place % 50 == 0:
            gc.collect()
    return 0 if good else 1


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--batch", metavar="TASKS")
    arguments.add_argument("--self-test", action="store_true")
    options = arguments.parse_args()
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    if options.self_test:
        import check_written_test
        sys.exit(check_written_test.run())
    if not options.batch:
        arguments.error("--batch or --self-test")
    if options.batch == "-":
        sys.exit(batch(sys.stdin))
    with open(options.batch) as file:
        sys.exit(batch(file))


if __name__ == "__main__":
    main()
