"""An archive with a record that inflates to the archive itself: opened again and again, there is always one more. Whoever
follows archives in archives to the end never comes to it, and no byte of the file is shared or wrong.

The deflate stream prints itself. It has two instructions of UNIT bytes: L prints the bytes behind it, a stored block; R
prints the last bytes again, matches of that distance. What is before the stream and behind it is printed by the same two.
Checksums are linear, so the one that the file has to contain is the solution of 32 equations.
"""
import itertools
import struct
import zlib

from archives import Entry, body, directory, end_record, local_header
from assembling import entries, state_dict

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["limitReached"], "inert", {"load": "accepts"}
UNIT = 40
LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]
DISTANCES = [1, 2, 3, 4] + [base << power | 1 for power in range(1, 14) for base in (2, 3)]
NOTHING = struct.pack("<BHH", 0, 0, 0xFFFF)


def printing(count):
    """L: the next `count` bytes are printed."""
    return NOTHING * (UNIT // 5 - 1) + struct.pack("<BHH", 0, count, count ^ 0xFFFF)


def bits(value, count, is_code=False):
    """Bits as deflate packs them: numbers from the lowest bit, codes from the highest."""
    text = format(value, f"0{count}b") if count else ""
    return text if is_code else text[::-1]


def match(length, distance):
    number = max(place for place, base in enumerate(LENGTHS) if base <= length)
    extra = 0 if number < 8 or number == 28 else number // 4 - 1
    code = bits(number + 1, 7, True) if number < 23 else bits(number - 23 + 0b11000000, 8, True)
    code += bits(length - LENGTHS[number], extra)
    number = max(place for place, base in enumerate(DISTANCES) if base <= distance)
    return code + bits(number, 5, True) + bits(distance - DISTANCES[number], max(0, number // 2 - 1))


def repeating(count, is_last=False):
    """R: the last `count` bytes are printed again. Matches are cut, and empty blocks put before them, to fill UNIT bytes."""
    for longest, empty in itertools.product(range(255, 50, -1), range(4)):
        pieces, rest = divmod(count - 3, longest)
        codes = "".join(match(length, count) for length in [longest] * pieces + [rest + 3])
        packed = ("010" + "0" * 7) * empty + ("110" if is_last else "010") + codes + "0" * 7 + ("" if is_last else "000")
        packed = int(packed[::-1], 2).to_bytes(-(-len(packed) // 8), "little") + (b"" if is_last else NOTHING[1:])
        if len(packed) <= UNIT and len(packed) % 5 == 0:
            return NOTHING * ((UNIT - len(packed)) // 5) + packed
    raise ValueError(count)


def stream(before, behind):
    """A deflate stream that inflates to `before`, itself and `behind`."""
    first, last = len(before) + UNIT, len(behind) + UNIT
    head, again, tail = printing(first), repeating(first), repeating(last, True)
    one, four, repeat, nothing = printing(UNIT), printing(4 * UNIT), repeating(4 * UNIT), printing(0)
    end = [repeat, nothing, nothing, printing(last)]
    return b"".join([
        head, before, head, again, one, again, one, one, four, again, one, one, four, repeat, four, repeat, four, repeat, four,
        repeat, four, *end, *end, tail, behind, tail])


def file(checksum):
    """The archive, with that checksum wherever its own has to be."""
    plain = entries(state_dict())
    content, offsets = body(plain)

    def parts(packed, size):
        """What is before the stream, and what is behind it."""
        inner = Entry("archive/self.pth", b"", both={"method": 8, "crc": checksum, "packed": packed, "size": size, "extra": b""})
        before = content + local_header(inner, 0)
        listed = directory([*plain, inner], [*offsets, len(content)])
        return before, listed + end_record(len(plain) + 1, len(listed), len(before) + packed)

    before, behind = parts(0, 0)
    packed = len(stream(before, behind))
    before, behind = parts(packed, len(before) + packed + len(behind))
    return before + stream(before, behind) + behind


def own_checksum():
    """The checksum that the file has if it contains it, by elimination."""
    none = zlib.crc32(file(0))
    rows = [zlib.crc32(file(1 << place)) ^ none ^ 1 << place for place in range(32)]
    pivots = []
    for place, row in enumerate(rows):
        source = 1 << place
        for pivot, value, origin in pivots:
            if row >> pivot & 1:
                row, source = row ^ value, source ^ origin
        if row:
            pivots.append((row.bit_length() - 1, row, source))
    rest, found = none, 0
    for pivot, value, origin in sorted(pivots, reverse=True):
        if rest >> pivot & 1:
            rest, found = rest ^ value, found ^ origin
    assert rest == 0, "another date would do"
    return found


def build(canary):
    return {"quine.pth": file(own_checksum())}
