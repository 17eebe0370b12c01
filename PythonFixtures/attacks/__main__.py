"""A corpus of attacks, all of them harmless: see "Attacks" in the README of the fixtures.

    python PythonFixtures/attacks list
    python PythonFixtures/attacks build FOLDER
    python PythonFixtures/attacks check --pth PTH [--only IDEA …]
    python PythonFixtures/attacks fires [--only IDEA …]
"""
import argparse
import signal
import sys

import corpus


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["list", "build", "check", "fires"])
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--pth")
    parser.add_argument("--only", action="append")
    arguments = parser.parse_args()
    # Tests may run on threads that let no signal through, and children inherit that.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if arguments.command == "list":
        return list_ideas(arguments.only)
    if arguments.command == "build":
        return print(len(corpus.write(arguments.folder, corpus.ideas(arguments.only))), "files")
    if arguments.command == "check":
        from checking import check
        passed, failed = check(arguments.pth, arguments.only)
    else:
        from firing import fire
        passed, failed = fire(arguments.only)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


def list_ideas(only):
    chosen = corpus.ideas(only)
    for group, about in corpus.GROUPS.items():
        members = [idea for idea in chosen if idea.group == group]
        if members:
            print(f"{group}: {about} ({len(members)})")
        for idea in members:
            print(f"  {idea.name}: {' '.join(idea.about.split())}")


if __name__ == "__main__":
    main()
