"""The words are byte strings of Python 2, which are texts once they are decoded."""
import struct

from assembling import call, checkpoint, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    short = b"U\x05posixU\x06system"
    long = b"T" + struct.pack("<i", 5) + b"posixT" + struct.pack("<i", 6) + b"system"
    return {
        file: checkpoint(state_dict(extra=call(words + b"\x93", text(shell(canary)))), 4)
        for file, words in (("short.pth", short), ("long.pth", long))}
