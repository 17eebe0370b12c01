#!/usr/bin/env python3
"""Kill a training program again and again, and see what it has to go on from.

    kill_training.py [--rounds 200] [--seed 1] [--dir DIR] [--last 3] [--best 1] [--maximize] [--window 6] [--damage N] COMMAND …
    kill_training.py --self-test

COMMAND trains into the folder that stands as {} in its words, goes on by itself from what is there, and says on standard
output, line by line and at once:

    started                              when there was nothing to go on from
    resumed epoch=E path=…               otherwise
    saved epoch=E metric=M path=…        after every save

Each round starts COMMAND in the same folder and sends SIGKILL to its process group at a random moment. The moments are
spread evenly from its start until it has saved a few times (--window). What it was doing is looked up in /proc first: it
is in the middle of a save when it has a file of the folder open for writing. Then every file that is named like a
checkpoint is read by torch.load(weights_only=True), and

* the last checkpoints (--last, by epoch) and the best (--best, by metric, of equal ones the earliest) of all that were
  ever announced or found have to be there,
* the next run has to go on from the newest whole file there, which is no older than the last one announced; with --damage
  a damaged one is there too at times, which has to stay.

A run that comes to its end is counted; the next one begins in an empty folder. Prints JSON; the exit status is 1 after a
failure. --self-test kills a saver that does it right and some that do it wrong, which have to be found out.
"""
import argparse
import collections
import json
import math
import os
import pathlib
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

NAME = re.compile(r"epoch=(\d+)(?:-([A-Za-z0-9_.]+)=(\S+?))?\.pth")
EVENT = re.compile(r"(started|resumed|saved)(?: epoch=(\d+))?(?: metric=(\S+))?(?: path=(.*))?")
# How long a run may take for something that it does in a moment, in seconds.
PATIENCE = 60


class Event(collections.namedtuple("Event", "kind epoch metric path")):
    """A line of the program."""

    @classmethod
    def parse(cls, line):
        kind, epoch, metric, path = EVENT.fullmatch(line).groups()
        return cls(kind, int(epoch) if epoch else None, float(metric) if metric else None, path)


class Run:
    """The program, running in its own process group with its output in a file."""

    def __init__(self, command, folder, log):
        self.folder, self.log = folder, log
        with open(log, "wb") as output, open(log + ".err", "wb") as error:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=error, start_new_session=True)

    def events(self):
        """What was said in whole lines."""
        with open(self.log, encoding="utf-8") as file:
            lines = file.read().split("\n")[:-1]
        return [Event.parse(line) for line in lines if EVENT.fullmatch(line)]

    def wait_for(self, kinds, count):
        """The moments at which each of as many events was seen."""
        moments, start = [], time.monotonic()
        while len(moments) < count:
            seen = sum(event.kind in kinds for event in self.events())
            moments += [time.monotonic() - start] * (seen - len(moments))
            if self.process.poll() is not None and len(moments) < count or time.monotonic() - start > PATIENCE:
                self.kill()
                sys.exit(f"the command does not say {kinds} {count} times: {self.events()} {self.error()}")
            time.sleep(0.001)
        return moments

    def error(self):
        return pathlib.Path(self.log + ".err").read_text(errors="replace")[-2000:]

    def kill(self):
        """End the program; what it was doing: saving, finished or other."""
        if self.process.poll() is not None:
            return "finished"
        os.killpg(self.process.pid, signal.SIGSTOP)
        self.wait_until_stopped()
        doing = "saving" if self.is_saving() else "other"
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return doing

    def wait_until_stopped(self):
        # In the middle of a flush it stops only behind it, and can't open or close a file before.
        for _ in range(20):
            state = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state in "TZ":
                return
            time.sleep(0.001)

    def is_saving(self):
        """Whether the program has a file of the folder open for writing; one without a name counts."""
        descriptors = f"/proc/{self.process.pid}/fd"
        try:
            for name in os.listdir(descriptors):
                target = os.readlink(os.path.join(descriptors, name))
                if os.path.dirname(target) != self.folder:
                    continue
                flags = pathlib.Path(f"/proc/{self.process.pid}/fdinfo/{name}").read_text()
                if int(re.search(r"flags:\s*(\d+)", flags)[1], 8) & (os.O_WRONLY | os.O_RDWR):
                    return True
        except (FileNotFoundError, ProcessLookupError):
            pass
        return False


class Killing:
    """The folder, what is known of its checkpoints, and the counts of what was found."""

    def __init__(self, options, work):
        self.options = options
        self.folder, self.log = os.path.join(os.path.realpath(work), "run"), os.path.join(work, "log")
        self.command = [word.replace("{}", self.folder) for word in options.command]
        self.counts = dict.fromkeys(("saving", "other", "finished", "saved", "unannounced", "unpruned", "litter", "loaded", "resumed", "damaged"), 0)
        self.failures = []
        self.begin()

    def begin(self):
        """Forget everything, with an empty folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.known, self.announced, self.newest = {}, -1, None

    def fail(self, what, **details):
        self.failures.append({"round": self.round_number, "what": what, **details})

    def learn(self):
        """How long the program takes to its first save, and from one to the next."""
        run = Run(self.command, self.folder, self.log)
        moments = run.wait_for(("saved",), 8)
        run.kill()
        self.first = moments[0]
        self.seconds = statistics.median(b - a for a, b in zip(moments, moments[1:]))
        self.begin()

    def round(self, number, delay):
        self.round_number = number
        decoy = self.damage() if self.options.damage and number % self.options.damage == 0 else None
        run = Run(self.command, self.folder, self.log)
        time.sleep(delay)
        doing = run.kill()
        self.counts[doing] += 1
        if doing == "finished" and run.process.returncode:
            self.fail("the command fails", status=run.process.returncode, error=run.error())
        self.hear(run.events())
        if decoy:
            if os.path.exists(decoy):
                os.remove(decoy)
            else:
                self.fail("removes what is damaged", name=os.path.basename(decoy))
        self.look()
        if doing == "finished":
            self.begin()

    def damage(self):
        """Put half of the newest file there once more, as if it were of a later epoch; its path."""
        names = [name for name in self.known if self.known[name][0] == self.newest]
        if not names:
            return None
        with open(os.path.join(self.folder, names[0]), "rb") as file:
            data = file.read()
        decoy = os.path.join(self.folder, names[0].replace(f"epoch={self.newest}", f"epoch={self.newest + 10**9}", 1))
        with open(decoy, "wb") as file:
            file.write(data[: len(data) // 2])
        self.counts["damaged"] += 1
        return decoy

    def last(self):
        """One more run, which has to find its place."""
        self.round_number = "last"
        run = Run(self.command, self.folder, self.log)
        run.wait_for(("started", "resumed"), 1)
        self.hear(run.events()[:1])
        run.kill()

    def hear(self, events):
        """Check where the run has begun, and note what it has announced."""
        for event in events:
            if event.kind == "saved":
                self.counts["saved"] += 1
                self.announced = event.epoch
                self.known.setdefault(os.path.basename(event.path), (event.epoch, event.metric))
            elif event.kind == "started" and self.newest is not None:
                self.fail("begins anew", newest=self.newest)
            elif event.kind == "resumed":
                self.counts["resumed"] += 1
                if event.epoch != self.newest:
                    self.fail("goes on from elsewhere", newest=self.newest, resumed=event.epoch)

    def look(self):
        """Check what is in the folder."""
        found = []
        for name in sorted(os.listdir(self.folder) if os.path.isdir(self.folder) else []):
            match = NAME.fullmatch(name)
            if not match:
                self.counts["litter"] += 1
            elif self.loads(name, int(match[1])):
                found.append(name)
                if name not in self.known:
                    self.counts["unannounced"] += 1
                    self.known[name] = (int(match[1]), float(match[3]) if match[3] else None)
        required = self.required()
        for name in required:
            if name not in found:
                self.fail("lost", name=name, found=found)
        self.counts["unpruned"] += len(found) > len(required)
        self.newest = max((self.known[name][0] for name in found), default=None)
        if self.announced >= 0 and (self.newest is None or self.newest < self.announced):
            self.fail("the last one announced is lost", announced=self.announced, newest=self.newest)

    def loads(self, name, epoch):
        import torch

        self.counts["loaded"] += 1
        try:
            values = torch.load(os.path.join(self.folder, name), weights_only=True)
            if isinstance(values, dict) and values.get("epoch", epoch) != epoch:
                raise ValueError(f"is of epoch {values['epoch']}")
            return True
        except Exception as error:
            self.fail("broken", name=name, bytes=os.path.getsize(os.path.join(self.folder, name)), error=str(error)[:200])
            return False

    def required(self):
        """The names of those that have to be there."""
        order = sorted(self.known, key=lambda name: self.known[name][0])
        rated = [name for name in order if self.known[name][1] is not None and not math.isnan(self.known[name][1])]
        sign = -1 if self.options.maximize else 1
        best = sorted(rated, key=lambda name: sign * self.known[name][1])
        return set(order[len(order) - self.options.last :]) | set(best[: self.options.best])


def delays(rounds, seconds, seed):
    """One moment in each of as many equal parts of the duration, in random order."""
    generator = random.Random(seed)
    found = [seconds * (place + generator.random()) / rounds for place in range(rounds)]
    generator.shuffle(found)
    return found


def summary(options):
    with tempfile.TemporaryDirectory(dir=options.dir) as work:
        killing = Killing(options, work)
        killing.learn()
        seconds = killing.first + options.window * killing.seconds
        for number, delay in enumerate(delays(options.rounds, seconds, options.seed), 1):
            killing.round(number, delay)
        killing.last()
    times = {"firstSave": round(killing.first, 4), "secondsPerSave": round(killing.seconds, 4)}
    return {"rounds": options.rounds, "seed": options.seed, **times, **killing.counts, "failures": killing.failures}


# A training program in a few lines, which saves a file that torch wrote; {mode} says what it does wrong.
SAVER = r"""
import os, random, sys, time
mode, template, folder = sys.argv[1:]
data = open(template, "rb").read()
os.makedirs(folder, exist_ok=True)

def metric(epoch):
    return random.Random(epoch).random()

def path(epoch):
    return os.path.join(folder, f"epoch={epoch}-loss={metric(epoch)}.pth")

def epochs():
    return sorted(int(name.split("=")[1].split("-")[0]) for name in os.listdir(folder) if name.startswith("epoch="))

def write(name):
    with open(name, "wb") as file:
        for start in range(0, len(data), 1 << 16):
            file.write(data[start : start + (1 << 16)])
            # Most of the time is spent here, whatever the disk is like.
            time.sleep(0.0003)
        file.flush()
        os.fsync(file.fileno())

def prune(kept):
    there = epochs()
    best = [] if mode == "forgets the best" else sorted(there, key=metric)[:1]
    for epoch in set(there) - set(there[-kept:] if kept else []) - set(best):
        os.remove(path(epoch))

def say(text):
    print(text, flush=True)

done = epochs()[-1] if epochs() else 0
say(f"resumed epoch={done} path={path(done)}" if done and mode != "begins anew" else "started")
while True:
    done += 1
    if mode == "removes first":
        prune(2)
    if mode == "announces first":
        say(f"saved epoch={done} metric={metric(done)} path={path(done)}")
    if mode == "writes in place":
        write(path(done))
    else:
        write(os.path.join(folder, ".new"))
        os.replace(os.path.join(folder, ".new"), path(done))
    if mode != "announces first":
        say(f"saved epoch={done} metric={metric(done)} path={path(done)}")
    if mode != "removes first":
        prune(3)
"""

# What each way of doing it wrong has to be found out by; the right way by nothing.
FAULTS = {
    "right": set(),
    "writes in place": {"broken"},
    "removes first": {"lost"},
    "announces first": {"lost"},
    "forgets the best": {"lost"},
    "begins anew": {"begins anew"},
}


def self_test(options):
    import torch

    outcomes = {}
    with tempfile.TemporaryDirectory(dir=options.dir) as work:
        template, saver = os.path.join(work, "template.pth"), os.path.join(work, "saver.py")
        torch.save({"weight": torch.arange(1 << 20, dtype=torch.float32)}, template)
        pathlib.Path(saver).write_text(SAVER)
        for mode, expected in FAULTS.items():
            options.command = [sys.executable, saver, mode, template, "{}"]
            result = summary(options)
            found = {failure["what"] for failure in result.pop("failures")}
            right = expected <= found and (bool(expected) or not found)
            outcomes[mode] = {"isRight": right, "found": sorted(found), **result}
    return outcomes


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--dir", help="where to make the folder; otherwise the system's place for temporary files")
    arguments.add_argument("--last", type=int, default=3, help="how many of the last checkpoints have to be there")
    arguments.add_argument("--best", type=int, default=1, help="how many of the best checkpoints have to be there")
    arguments.add_argument("--maximize", action="store_true", help="the best metric is the largest")
    arguments.add_argument("--window", type=float, default=6, help="over how many saves the moments are spread")
    arguments.add_argument("--damage", type=int, default=0, help="before each so-manieth round, put a damaged file there that claims to be the newest")
    arguments.add_argument("--self-test", action="store_true")
    arguments.add_argument("command", nargs=argparse.REMAINDER)
    options = arguments.parse_args()
    if options.self_test:
        outcomes = self_test(options)
        print(json.dumps(outcomes))
        sys.exit(0 if all(outcome["isRight"] for outcome in outcomes.values()) else 1)
    if not any("{}" in word for word in options.command):
        arguments.error("no word of the command has {} for the folder")
    result = summary(options)
    print(json.dumps(result))
    sys.exit(1 if result["failures"] else 0)


if __name__ == "__main__":
    main()
