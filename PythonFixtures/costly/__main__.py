#!/usr/bin/env python3
"""Write small files that ask their reader for much time or memory, or see what they cost.

    costly --list                       prints the names
    costly NAME PATH                    writes one
    costly --measure PTH [NAME …]       runs the commands of `pth` on some or all of them, and prints a line of JSON for each:
                                        name, command, status, signal, MiB, seconds, MiB written, error

No file has more than 2 MB, and nothing may cost more than --memory MiB (200) and --seconds (5) of processor time. The
exit status is 1 when something does. The standard library is enough, because torch can't write most of them.
"""
import argparse
import json
import os
import sys
import tempfile

import containers
import looking
import objects
import pickles
import tensors

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import measure

COSTLY = {maker.__name__: maker for module in (pickles, objects, tensors, containers, looking) for maker in module.ALL}

COMMANDS = {
    "inspect": "inspect IN",
    "digest": "inspect IN --json --digest",
    "show": "show IN --all",
    "copy": "convert IN OUT.pth",
    "repack": "convert IN OUT.pth --repack --keep-globals",
    "legacy": "convert IN OUT.pth --format legacy --keep-globals",
    "safetensors": "convert IN OUT.safetensors --shared duplicate --skip-unsupported",
    "densify": "convert IN OUT.safetensors --shared duplicate --densify",
    "scan": "scan IN",
    "verify": "verify IN --numbers",
    "weights": "convert IN OUT.pth --extract-weights",
}


def cost(command, folder, bounds):
    """What a command on the file costs, as measure.py says it, with the size of what it writes and its error."""
    for output in ("out.pth", "out.safetensors"):
        if os.path.exists(os.path.join(folder, output)):
            os.remove(os.path.join(folder, output))
    words = [os.path.join(folder, word.lower()) if word.startswith(("IN", "OUT")) else word for word in command.split()]
    with open(os.path.join(folder, "error"), "w+b") as error:
        # Processes that need more than is allowed are to be seen, not ended.
        made = measure.measure(
            [bounds.pth] + words, error, memory=20 * bounds.memory, seconds=4 * bounds.seconds, file=2048)
        error.seek(0)
        said = error.read(4096).decode(errors="replace").split("\n")[0].replace(folder + "/", "")
    sizes = [os.path.getsize(entry) for entry in os.scandir(folder) if entry.name.startswith("out.")]
    return made | {"written": sum(sizes), "error": said[:200]}


def measured(name, bounds):
    """Runs all commands on one file; whether all stay within bounds."""
    is_fine = True
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "in"), "wb") as file:
            file.write(COSTLY[name]())
        size = os.path.getsize(os.path.join(folder, "in"))
        for command, line in COMMANDS.items():
            made = cost(line, folder, bounds)
            is_within = made["status"] in (0, 1) and made["maxrss_bytes"] < bounds.memory << 20 and made["seconds"] < bounds.seconds
            is_fine = is_fine and is_within and size < 1 << 21
            row = {
                "name": name, "command": command, "within": is_within, "status": made["status"], "signal": made["signal"],
                "MiB": made["maxrss_bytes"] >> 20, "seconds": made["seconds"], "written": made["written"] >> 20, "size": size,
                "error": made["error"]}
            print(json.dumps(row), flush=True)
    return is_fine


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--list", action="store_true")
    arguments.add_argument("--measure", dest="pth", metavar="PTH")
    arguments.add_argument("--memory", type=int, default=200, help="MiB that are resident at most")
    arguments.add_argument("--seconds", type=int, default=5, help="seconds of processor time")
    arguments.add_argument("names", nargs="*")
    arguments = arguments.parse_args()
    if arguments.list:
        return print("\n".join(COSTLY))
    if arguments.pth:
        return sys.exit(0 if all([measured(name, arguments) for name in arguments.names or COSTLY]) else 1)
    name, path = arguments.names
    with open(path, "wb") as file:
        file.write(COSTLY[name]())


if __name__ == "__main__":
    main()
