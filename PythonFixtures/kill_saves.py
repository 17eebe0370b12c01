#!/usr/bin/env python3
"""Kill a program again and again while it replaces a file, and see what is left.

    kill_saves.py [--rounds 100] [--seed 1] [--dir DIR] [--no-litter] OLD COMMAND …

COMMAND has to replace a file whose path stands as {} in its words, and to write the same bytes each time. It runs twice
to its end, to learn its duration and the new bytes. Then, for each round, a copy of OLD is put in a folder of its own,
COMMAND is started and gets SIGKILL at a random moment (the moments are spread evenly over its duration and a little
beyond). Afterwards the file must have the old or the new bytes; anything else is a failure. Other files in the folder
are litter, which is counted, removed, and a failure only with --no-litter.

Prints JSON; the exit status is 1 after a failure.
"""
import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time


def digest(path):
    """The SHA-256 of a file; None where there is none."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


class Killing:
    """A folder with the file that is replaced, and the counts of what was found in it."""

    def __init__(self, options, folder):
        self.old_file, self.folder = options.old, folder
        self.path = os.path.join(folder, os.path.basename(options.old))
        self.command = [word.replace("{}", self.path) for word in options.command]
        self.counts = dict.fromkeys(("old", "new", "broken", "missing", "finished", "litter"), 0)
        self.failures = []

    def start(self):
        """Put the old file there and start the command."""
        shutil.copyfile(self.old_file, self.path)
        return subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def whole(self):
        """(seconds, digest of what it wrote) of a run to its end."""
        process = self.start()
        start = time.monotonic()
        error = process.communicate()[1].decode(errors="replace")
        if process.returncode:
            sys.exit(f"the command fails with {process.returncode}: {error}")
        seconds = time.monotonic() - start
        if os.listdir(self.folder) != [os.path.basename(self.path)]:
            sys.exit(f"the command leaves {os.listdir(self.folder)} even when it is not killed")
        return seconds, digest(self.path)

    def learn(self):
        self.old = digest(self.old_file)
        (first, new), (second, again) = self.whole(), self.whole()
        if new != again or new == self.old:
            sys.exit("the command does not write the same each time" if new != again else "the command changes nothing")
        self.new, self.seconds = new, min(first, second)

    def round(self, delay):
        process = self.start()
        time.sleep(delay)
        self.counts["finished"] += process.poll() is not None
        process.kill()
        process.communicate()
        self.judge(delay)
        self.clear(delay)

    def judge(self, delay):
        found = digest(self.path)
        state = {self.old: "old", self.new: "new", None: "missing"}.get(found, "broken")
        self.counts[state] += 1
        if state in ("broken", "missing"):
            self.failures.append({"seconds": round(delay, 4), "state": state, "bytes": os.path.getsize(self.path) if found else None})

    def clear(self, delay):
        """Count and remove what is not the file."""
        for name in os.listdir(self.folder):
            if name != os.path.basename(self.path):
                self.counts["litter"] += 1
                path = os.path.join(self.folder, name)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


def delays(rounds, seconds, seed):
    """One moment in each of as many equal parts of the duration, and a tenth beyond, in random order."""
    generator = random.Random(seed)
    found = [1.1 * seconds * (place + generator.random()) / rounds for place in range(rounds)]
    generator.shuffle(found)
    return found


def summary(options):
    with tempfile.TemporaryDirectory(dir=options.dir) as folder:
        killing = Killing(options, folder)
        killing.learn()
        for delay in delays(options.rounds, killing.seconds, options.seed):
            killing.round(delay)
    return {"rounds": options.rounds, "seed": options.seed, "seconds": round(killing.seconds, 4), **killing.counts, "failures": killing.failures}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--dir", help="where to make the folder; otherwise the system's place for temporary files")
    arguments.add_argument("--no-litter", action="store_true", help="other files in the folder are a failure too")
    arguments.add_argument("old", help="the file before")
    arguments.add_argument("command", nargs=argparse.REMAINDER)
    options = arguments.parse_args()
    if not any("{}" in word for word in options.command):
        arguments.error("no word of the command has {} for the file")
    result = summary(options)
    print(json.dumps(result))
    sys.exit(1 if result["failures"] or (options.no_litter and result["litter"]) else 0)


if __name__ == "__main__":
    main()
