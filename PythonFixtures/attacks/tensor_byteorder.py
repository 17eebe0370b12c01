"""The record `byteorder` says what is no order of bytes, is a megabyte long, or says `big` of numbers that are little."""
from assembling import checkpoint, state_dict

VERDICT, FINDINGS, INSPECT = "suspicious", ["refused"], ("damagedArchive", "unsupportedFormat")
FIRES = {}


def build(canary):
    return {
        f"{place}.pth": checkpoint(state_dict(), byteorder=word)
        for place, word in enumerate((b"middle", b"", b"Little", b"little\0", b"little" * 200_000))}
