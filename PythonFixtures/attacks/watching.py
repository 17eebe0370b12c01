"""Runs a program that must not start processes, open sockets or, unless it may, change files.

A filter of system calls (seccomp) in the program ends it with SIGSYS the moment it tries. Looking for its children from
outside would miss those that live for a millisecond; a limit on processes does not hold for root; a traced program is
slow, and a preloaded library sees only what goes through it. The kernel sees every call, also of a child or of machine
code. The program itself has to be started under the filter: by execveat, so that execve, which everybody uses, can be
among the calls that end it.

Linux only, on x86-64 and ARM64. Elsewhere nothing is watched, and only the canary tells.
"""
import ctypes
import os
import platform
import resource
import signal
import struct
import subprocess
import sys

sys.path.insert(1, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from measure import wait

LOAD, EQUALS, HAS_BITS, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, KILL, NO_SUCH_CALL = 0x7FFF0000, 0x80000000, 0x00050000 | 38
THREAD, WRITING = 0x00010000, os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# The numbers of calls. "change" are truncate, rename, mkdir, rmdir, creat, link, unlink, symlink, chmod, chown, mknod and
# their relatives with a folder, as far as the processor has them.
NUMBERS = {
    "x86_64": {
        "architecture": 0xC000003E, "clone": 56, "clone3": 435, "openat": 257, "open": 2, "openat2": 437,
        "process": [57, 58, 59],  # fork, vfork, execve
        "socket": [41, 53],  # socket, socketpair
        "change": [76, 82, 83, 84, 85, 86, 87, 88, 90, 92, 133, 258, 260, 263, 264, 265, 266, 268, 316],
    },
    "aarch64": {
        "architecture": 0xC00000B7, "clone": 220, "clone3": 435, "openat": 56, "open": None, "openat2": 437,
        "process": [221], "socket": [198, 199], "change": [33, 34, 35, 36, 37, 38, 45, 53, 54, 276],
    },
}
WATCHES = sys.platform == "linux" and platform.machine() in NUMBERS


def instruction(code, value, then=0, otherwise=0):
    return struct.pack("<HBBI", code, then, otherwise, value)


def bits(call, argument, mask):
    """Kill if `call` has any bit of `mask` in the argument of that number."""
    return [
        instruction(EQUALS, call, 0, 4), instruction(LOAD, 16 + 8 * argument), instruction(HAS_BITS, mask, 0, 1),
        instruction(RETURN, KILL), instruction(LOAD, 0)]


def bits_missing(call, argument, mask):
    """Kill if `call` has no bit of `mask` in the argument of that number."""
    return [
        instruction(EQUALS, call, 0, 4), instruction(LOAD, 16 + 8 * argument), instruction(HAS_BITS, mask, 1, 0),
        instruction(RETURN, KILL), instruction(LOAD, 0)]


def answer(call, value):
    return [instruction(EQUALS, call, 0, 1), instruction(RETURN, value)]


def rules(may_write):
    numbers = NUMBERS[platform.machine()]
    program = [
        instruction(LOAD, 4), instruction(EQUALS, numbers["architecture"], 1, 0), instruction(RETURN, KILL),
        instruction(LOAD, 0)]
    # C libraries fall back to clone, whose flags can be looked at.
    program += answer(numbers["clone3"], NO_SUCH_CALL) + answer(numbers["openat2"], NO_SUCH_CALL)
    program += bits_missing(numbers["clone"], 0, THREAD)
    for call in numbers["process"] + numbers["socket"]:
        program += answer(call, KILL)
    if not may_write:
        program += bits(numbers["openat"], 2, WRITING)
        program += bits(numbers["open"], 1, WRITING) if numbers["open"] else []
        for call in numbers["change"]:
            program += answer(call, KILL)
    return b"".join(program + [instruction(RETURN, ALLOW)])


class Program(ctypes.Structure):
    _fields_ = [("count", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def watch(made):
    """Put this process, and what it executes, under the filter."""
    libc = ctypes.CDLL(None, use_errno=True)
    program = Program(len(made) // 8, made)
    no_new_privileges, filtered = libc.prctl(38, 1, 0, 0, 0), libc.prctl(22, 2, ctypes.byref(program), 0, 0)
    if no_new_privileges or filtered:
        raise OSError(ctypes.get_errno(), "the filter of system calls was refused")


class Result:
    """How a program ended, what it printed and what it cost."""

    def __init__(self, process, seconds, outputs):
        status, usage = wait(process, 3 * seconds)  # on the clock: machines are busy, and a limit ends who computes
        self.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        self.status = None if self.signal else os.WEXITSTATUS(status)
        self.seconds = usage.ru_utime + usage.ru_stime
        self.bytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        self.output, self.error = (read(stream) for stream in outputs)

    @property
    def offended(self):
        return self.signal == signal.SIGSYS


def read(stream):
    stream.seek(0)
    return stream.read()


def run(command, seconds, may_write, folder, file_size=1 << 30):
    made = rules(may_write) if WATCHES else None
    program = os.open(command[0], os.O_RDONLY)

    def execute():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if made:
            watch(made)
            os.execve(program, command, os.environ)

    try:
        with open(os.path.join(folder, "out"), "w+b") as output, open(os.path.join(folder, "err"), "w+b") as error:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=error, preexec_fn=execute)
            return Result(process, seconds, (output, error))
    finally:
        os.close(program)


OFFENCES = {
    "a process is started": "import subprocess; subprocess.run(['true'])",
    "a process is forked": "import os; os.fork()",
    "another program takes its place": "import os; os.execv('/bin/sh', ['sh'])",
    "a file is made": "import sys; open(sys.argv[1], 'w')",
    "a file is removed": "import os, sys; os.unlink(sys.argv[1])",
    "a socket is opened": "import socket; socket.socket()",
}


def self_test(folder):
    """What goes wrong with the watch itself: offences that it misses, a thread that it takes for one."""
    if not WATCHES:
        return []
    trial = os.path.join(folder, "trial")
    command = lambda code: [sys.executable, "-S", "-c", code, trial]
    missed = [f"nobody notices that {what}" for what, code in OFFENCES.items()
              if not run(command(code), 5, False, folder).offended]
    thread = run(command("import threading; t = threading.Thread(target=print); t.start(); t.join()"), 5, False, folder)
    return missed + (["a thread is taken for a process"] if thread.status != 0 else [])
