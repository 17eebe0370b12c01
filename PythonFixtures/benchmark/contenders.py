"""Who is compared: a worker that stays between the rounds, or a command that is started for each run."""
import contextlib
import dataclasses
import json
import os
import subprocess
import tempfile
import time

import private_memory


class Failed(Exception):
    """A contender could not do what it was asked for; the text says why."""


@dataclasses.dataclass
class Memory:
    """Bytes of private memory: the highest while it ran, and before it began."""
    peak: int | None
    rest: int


def last_line(file):
    file.seek(0)
    lines = file.read().decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it ended without a word")


@dataclasses.dataclass
class Worker:
    """A process that does one operation inside, as often as a line says, and answers with the times."""
    command: list
    one_processor: bool = False
    fresh: bool = False
    """Each run is the first of a new process, which has no memory yet that it could use again."""
    process: subprocess.Popen | None = None

    def start(self):
        self.errors = tempfile.TemporaryFile()
        restrict = (lambda: os.sched_setaffinity(0, {0})) if self.one_processor else None
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, preexec_fn=restrict)
        self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failed(last_line(self.errors))
        return line

    def ask(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()

    def restart(self):
        self.end()
        self.start()

    def times(self, count):
        return [run for _ in range(count) for run in self.first_times()] if self.fresh else self.next_times(count)

    def first_times(self):
        self.restart()
        return self.next_times(1)

    def next_times(self, count):
        self.ask(count)
        return json.loads(self.answer())

    def memory(self):
        """Of one run in a process that has done nothing but get ready."""
        self.restart()
        rest = private_memory.private_bytes(self.process.pid)
        self.ask(1)
        peak = private_memory.peak_until_output(self.process.pid, self.process.stdout)
        [[_, _, with_result]] = json.loads(self.answer())
        return Memory(private_memory.highest([peak, with_result]), rest or 0)

    def end(self):
        if self.process:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
            self.process.wait()
            self.process = None


@dataclasses.dataclass
class Command:
    """A whole process; the file that it writes is removed after the clock was stopped."""
    command: list
    output: str | None = None

    def start(self):
        pass

    def times(self, count):
        return [self.run() for _ in range(count)]

    def run(self):
        with tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            status = subprocess.run(self.command, stdout=subprocess.DEVNULL, stderr=errors).returncode
            seconds = time.perf_counter() - start
            self.finish(status, errors)
        return [seconds, 0.0, None]

    def memory(self):
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=errors)
            peak = private_memory.peak_until_end(process)
            self.finish(process.returncode, errors)
        return Memory(peak, 0)

    def finish(self, status, errors):
        if self.output and os.path.exists(self.output):
            os.remove(self.output)
        if status:
            raise Failed(last_line(errors))

    def end(self):
        pass
