#!/usr/bin/env python3
"""Run a command within limits and say what it cost, as one line of JSON.

    measure.py [--memory MiB] [--data MiB] [--seconds S] [--file MiB] [--open N] COMMAND …

--memory bounds the address space, --data what of it is no mapped file, --open the open files, --seconds the processor
time (and four times as much the time on the clock), --file the size of each file that is written. The command's standard
output is dropped, its standard error passed on. Printed:
`status` (null after a signal), `signal` (null without one), `maxrss_bytes` (the most memory that was resident, mapped
files included) and `seconds` of processor time. The exit status is 0 however the command ended.
"""
import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time


def limits(memory=None, data=None, open=None, file=None, seconds=None):
    """The limits as (resource, amount); memory, data and file are in MiB."""
    bounds = [
        (resource.RLIMIT_AS, memory, 1 << 20), (resource.RLIMIT_DATA, data, 1 << 20), (resource.RLIMIT_NOFILE, open, 1),
        (resource.RLIMIT_FSIZE, file, 1 << 20), (resource.RLIMIT_CPU, seconds, 1), (resource.RLIMIT_CORE, 0, 1)]
    return [(name, amount * unit) for name, amount, unit in bounds if amount is not None]


def start(command, error, bounds):
    def apply():
        for name, amount in bounds:
            resource.setrlimit(name, (amount, amount))

    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=error, preexec_fn=apply)


def wait(process, seconds):
    """(wait status, usage) of the process; one that neither ends nor computes is killed."""
    deadline = time.monotonic() + 4 * seconds if seconds is not None else float("inf")
    while True:
        child, status, usage = os.wait4(process.pid, os.WNOHANG)
        if child:
            process.returncode = os.waitstatus_to_exitcode(status)
            return status, usage
        if time.monotonic() > deadline:
            process.send_signal(signal.SIGKILL)
            deadline = float("inf")
        time.sleep(0.002)


def measure(command, error=None, **bounds):
    """What the command costs within the bounds, which are those of `limits`."""
    status, usage = wait(start(command, error, limits(**bounds)), bounds.get("seconds"))
    killed = os.WIFSIGNALED(status)
    return {
        "status": None if killed else os.WEXITSTATUS(status),
        "signal": os.WTERMSIG(status) if killed else None,
        "maxrss_bytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        "seconds": round(usage.ru_utime + usage.ru_stime, 3),
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--memory", type=int, help="MiB of address space")
    arguments.add_argument("--data", type=int, help="MiB of memory that is no mapped file")
    arguments.add_argument("--open", type=int, help="open files, standard ones included")
    arguments.add_argument("--seconds", type=int, help="seconds of processor time")
    arguments.add_argument("--file", type=int, help="MiB of each file that is written")
    arguments.add_argument("command", nargs=argparse.REMAINDER)
    arguments = vars(arguments.parse_args())
    if not arguments["command"]:
        sys.exit("measure.py: no command")
    print(json.dumps(measure(**arguments)))


if __name__ == "__main__":
    main()
