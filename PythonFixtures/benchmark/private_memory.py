"""How much memory of its own a process has.

RssAnon counts the pages that are in memory and not those of a file: mapped files and files in memory (RssFile, RssShmem)
are left out, because the system can drop or share them. The kernel keeps no highest value of it (VmHWM includes mapped
pages), so it is read often while the process runs, in runs that are not timed, and a worker reads it itself when it has
a result.
"""
import select
import time

INTERVAL = 0.0005


def private_bytes(pid):
    """Now; None where the system or the process does not tell."""
    try:
        with open(f"/proc/{pid}/status") as file:
            lines = [line for line in file if line.startswith("RssAnon:")]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(lines[0].split()[1]) << 10 if lines else None


def highest(values):
    """The highest of those that are known."""
    return max((value for value in values if value is not None), default=None)


def peak_until_output(pid, stream):
    """The highest value until there is something to read."""
    values = [private_bytes(pid)]
    while not select.select([stream], [], [], INTERVAL)[0]:
        values.append(private_bytes(pid))
    return highest(values + [private_bytes(pid)])


def peak_until_end(process):
    """The highest value until the process has ended."""
    values = []
    while process.poll() is None:
        values.append(private_bytes(process.pid))
        time.sleep(INTERVAL)
    return highest(values)
