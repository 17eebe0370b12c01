#!/usr/bin/env python3
"""Runs Python for the tests, each time in a process of its own that has imported torch already: that takes longer than
most of what is run.

Each line of the input is JSON: `id`, `arguments` as Python's own command line has them (a script and its arguments, or
`-c`, code and its arguments), and the files that `output` and `error` go to. Each line of the output is JSON: `id` and
`status`, which is negative for a signal. It ends when its input does.

What is measured by its memory has to be run by itself: a process begins with all that this one has.
"""
import atexit
import json
import os
import runpy
import signal
import sys
import traceback
import types

# Imported for those who are to have them.
import numpy  # noqa: F401
import safetensors.torch  # noqa: F401
import torch  # noqa: F401


def redirect(path, descriptor, flags):
    file = os.open(path, flags)
    os.dup2(file, descriptor)
    os.close(file)


def run(arguments):
    """Does what `python ARGUMENTS` does."""
    sys.path.pop(0)
    if arguments[0] != "-c":
        sys.argv = arguments
        if os.path.isfile(arguments[0]):
            sys.path.insert(0, os.path.dirname(arguments[0]))
        runpy.run_path(arguments[0], run_name="__main__")
        return
    sys.argv = ["-c", *arguments[2:]]
    sys.path.insert(0, "")
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    exec(compile(arguments[1], "<string>", "exec"), main.__dict__)


def end(body):
    """Ends the process as Python does behind `body`, but leaves it to the system to give back what torch holds."""
    status = 0
    try:
        body()
    except SystemExit as exit:
        status = exit.code or 0
        if not isinstance(status, int):
            print(status, file=sys.stderr)
            status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status & 0xFF)


def tell(request, answers):
    """Runs what a request asks for, and tells how it ended."""
    child = os.fork()
    if child == 0:
        os.close(answers)
        redirect(os.devnull, 0, os.O_RDONLY)
        redirect(request["output"], 1, os.O_WRONLY)
        redirect(request["error"], 2, os.O_WRONLY)
        end(lambda: run(request["arguments"]))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    # One write, because others write too.
    os.write(answers, (json.dumps({"id": request["id"], "status": status}) + "\n").encode())
    os._exit(0)


def main():
    answers = os.dup(1)
    # Nobody waits for those that wait for others.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while line := sys.stdin.readline():
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return tell(json.loads(line), answers)


if __name__ == "__main__":
    main()
