#!/usr/bin/env python3
"""Read every fixture again and hold the manifest to it.

    check_manifest.py [--files PythonFixtures/files]

Exit status 0 when torch reads from each file what manifest.json says; otherwise the differing files are named.
"""
import argparse
import json
import os
import sys

import manifest

HERE = os.path.dirname(os.path.abspath(__file__))


def differences(wanted, found):
    """One line per file that is missing, new or read otherwise."""
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield f"{name}: in the manifest, but there is no such file"
        elif name not in wanted:
            yield f"{name}: not in the manifest"
        elif wanted[name] != found[name]:
            fields = [k for k in wanted[name].keys() | found[name].keys() if wanted[name].get(k) != found[name].get(k)]
            yield f"{name}: torch says otherwise about {', '.join(sorted(fields))}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--files", default=os.path.join(HERE, "files"))
    arguments = arguments.parse_args()
    with open(os.path.join(HERE, "manifest.json")) as file:
        wanted = {row["file"]: row for row in json.load(file)}
    found = {row["file"]: json.loads(json.dumps(row)) for row in manifest.rows(arguments.files)}
    lines = list(differences(wanted, found))
    print("\n".join(lines) if lines else f"{len(found)} files are as the manifest says")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
