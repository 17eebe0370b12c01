#!/usr/bin/env python3
"""Times ours and the peers in alternation and prints a table. Scripts/bench sets up what it needs and starts it."""
import argparse
import json
import os
import re
import subprocess
import sys

import machine
import report
from measuring import compared
from operations import HERE, Operations
from scales import SCALES


def parsed():
    arguments = argparse.ArgumentParser(prog="Scripts/bench", description=__doc__)
    arguments.add_argument("--tools", required=True, help=argparse.SUPPRESS)
    arguments.add_argument("--rounds", type=int, help="how often each contender has its turn: 5, or 2 with --quick")
    arguments.add_argument("--dir", help="a folder for inputs, which are kept, and outputs; in memory where there is room, or .build/bench")
    arguments.add_argument("--only", default="", metavar="PATTERN", help="a regular expression: the operations whose keys have it (--list)")
    arguments.add_argument("--list", action="store_true", help="print the keys and titles of all operations, and do nothing")
    arguments.add_argument("--json", metavar="FILE", help="write the seconds of all runs there")
    arguments.add_argument("--markdown", action="store_true", help="print the table in Markdown")
    arguments.add_argument("--quick", action="store_true", help="small inputs: to see that everything works, not how fast")
    return arguments.parse_args()


def make_inputs(operations, folder, scale):
    """By a process of its own, so that this one stays small and starts others fast."""
    os.makedirs(folder, exist_ok=True)
    names = sorted({name for operation in operations for name in operation.inputs})
    subprocess.run([sys.executable, os.path.join(HERE, "inputs.py"), folder, scale, *names], check=True)


def measured(operations, rounds):
    comparisons = []
    for operation in operations:
        print(f"{len(comparisons) + 1}/{len(operations)} {operation.title}", file=sys.stderr, flush=True)
        comparisons.append(compared(operation, rounds))
    return comparisons


def main():
    options = parsed()
    scale = "quick" if options.quick else "full"
    folder = os.path.join(options.dir or machine.folder(SCALES[scale].room_mib), scale)
    operations = [operation for operation in Operations(SCALES[scale], folder, options.tools).all() if re.search(options.only, operation.key)]
    if options.list:
        print("\n".join(f"{operation.key:24} {operation.title}" for operation in operations))
        return 0
    where = machine.description(folder)
    make_inputs(operations, folder, scale)
    rounds = options.rounds or (2 if options.quick else 5)
    comparisons = measured(operations, rounds)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(report.as_json(where, comparisons), file, indent=1)
    table = (report.markdown if options.markdown else report.plain)(comparisons)
    print("\n\n".join([machine.line(where), table, report.NOTES.format(rounds=rounds)]))
    print(f"\nThe inputs stay in {folder}: remove it to have the room back.", file=sys.stderr)
    return 1 if any(result.error for comparison in comparisons for result in comparison.results) else 0


if __name__ == "__main__":
    sys.exit(main())
