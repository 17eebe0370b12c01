"""Holds `pth` to what the attacks say: verdict, findings, errors, and no side effect, within limits."""
import json
import multiprocessing
import os
import shutil
import tempfile

import corpus
from watching import run, self_test

SECONDS, BYTES = 5, 200 << 20
STATUSES = {"clean": 0, "suspicious": 1, "dangerous": 1}


class Check:
    """What is wrong with what `pth` makes of one file."""

    def __init__(self, pth, row, folder):
        self.pth, self.row, self.wrong, self.costs = pth, row, [], []
        self.file = os.path.join(folder, row["file"])
        self.home, self.scratch = os.path.dirname(self.file), os.path.join(folder, f"scratch-{os.getpid()}")
        os.makedirs(self.scratch, exist_ok=True)

    def run(self, *arguments, may_write=False):
        """Run a command, and note what no command may do."""
        before = sorted(os.listdir(self.home))
        result = run([self.pth, *arguments], SECONDS, may_write, self.scratch)
        self.costs.append((result.seconds, result.bytes))
        if result.offended:
            self.wrong.append(f"{arguments[0]} started a process, opened a socket or changed a file")
        elif result.status not in (0, 1):
            self.wrong.append(f"{arguments[0]} ended with status {result.status}, signal {result.signal} after {result.seconds:.1f} s")
        if result.seconds > SECONDS or result.bytes > BYTES:
            self.wrong.append(f"{arguments[0]} took {result.seconds:.1f} s and {result.bytes >> 20} MB")
        if sorted(os.listdir(self.home)) != before:
            self.wrong.append(f"{arguments[0]} left files: {', '.join(set(os.listdir(self.home)) - set(before))}")
        if result.status == 1 and arguments[0] != "scan" and not result.error.startswith(b"pth: "):
            self.wrong.append(f"{arguments[0]} failed without a reason: {result.error[:100]}")
        return result

    def scan(self):
        result = self.run("scan", self.file, "--json")
        try:
            (report,) = json.loads(result.output)["files"]
        except (ValueError, KeyError):
            self.wrong.append(f"scan printed no report: {result.output[:100]}{result.error[:200]}")
            return None
        found = {finding["code"] for finding in report["findings"]}
        if report["verdict"] != self.row["verdict"]:
            self.wrong.append(f"scan says {report['verdict']}, not {self.row['verdict']}")
        if STATUSES.get(report["verdict"]) != result.status:
            self.wrong.append(f"scan says {report['verdict']} and ends with status {result.status}")
        if missing := set(self.row["findings"]) - found:
            self.wrong.append(f"scan does not find {', '.join(sorted(missing))}, but {', '.join(sorted(found)) or 'nothing'}")
        return report

    def inspect(self, report):
        result = self.run("inspect", self.file, "--json")
        expected = set(self.row["inspect"])
        if result.status in (0, 1) and (result.status == 0) not in {word == "inert" for word in expected}:
            self.wrong.append(f"inspect ended with status {result.status}: {result.error.decode(errors='replace').strip()[-300:]}")
        if result.status == 0:
            json.loads(result.output)
        codes = {finding.get("error") for finding in (report or {}).get("findings", []) if finding["code"] == "refused"}
        if report and report["verdict"] != "clean" and report.get("format") != "safetensors" and result.status == 1 and not codes & expected:
            self.wrong.append(f"scan says refused with {codes or 'nothing'}, not {', '.join(sorted(expected))}")

    def others(self):
        """Commands that the verdict does not speak of: they may fail, and do nothing else."""
        output = os.path.join(self.scratch, "out")
        self.run("inspect", self.file)
        self.run("show", self.file, "weight")
        for options in ([".pth"], [".pth", "--extract-weights"], [".safetensors", "--shared", "duplicate", "--skip-unsupported"]):
            self.run("convert", self.file, output + options[0], *options[1:], may_write=True)

    def all(self, scans=True):
        self.inspect(self.scan() if scans else None)
        self.others()
        return self


def check(pth, only=None, scans=True):
    """Print what is wrong, a line each; return how many files passed and failed."""
    folder = tempfile.mkdtemp(prefix="attacks-")
    try:
        wrong = self_test(folder)
        print(*wrong, sep="\n", end="\n" if wrong else "")
        rows, checks = build_apart(folder, only), []
        with multiprocessing.get_context("fork").Pool() as pool:
            for one in pool.imap(check_one, [(os.path.abspath(pth), row, folder, scans) for row in rows]):
                checks.append(one)
                for trouble in one.wrong:
                    print(f"{one.row['file']}: {trouble}", flush=True)
        slowest, largest = (max((cost[place] for one in checks for cost in one.costs), default=0) for place in (0, 1))
        print(f"{len(rows)} files of {len({row['idea'] for row in rows})} ideas; at most {slowest:.2f} s, {largest >> 20} MB")
        failed = sum(bool(one.wrong) for one in checks)
        return len(checks) - failed, failed + bool(wrong)
    finally:
        shutil.rmtree(folder)


def check_one(arguments):
    pth, row, folder, scans = arguments
    return Check(pth, row, folder).all(scans)


def build_apart(folder, only):
    """Build in a child: what this process holds in memory counts for the programs that it starts."""
    child = os.fork()
    if child == 0:
        try:
            corpus.write(folder, corpus.ideas(only))
            os._exit(0)
        finally:
            os._exit(1)
    if os.waitpid(child, 0)[1]:
        raise SystemExit("the attacks can't be built")
    with open(os.path.join(folder, "index.json")) as file:
        return json.load(file)
