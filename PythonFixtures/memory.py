"""Two ways to hold the storages of one checkpoint to those of another."""
import collections

import numpy
import torch

from comparing import Difference, Pairing, raw, require


def starts(tensor):
    """The offset in bytes of each element, row-major."""
    found = numpy.full((1,), tensor.storage_offset(), dtype=numpy.int64)
    for length, stride in zip(tensor.shape, tensor.stride()):
        found = (found[:, None] + numpy.arange(length, dtype=numpy.int64)[None, :] * stride).reshape(-1)
    return found * tensor.element_size()


def addresses(tensor):
    """The offset of each byte of each element, row-major; of every byte of the storage for elements below a byte."""
    if tensor.dtype in (torch.quint4x2, torch.quint2x4):
        return numpy.arange(tensor.untyped_storage().nbytes())
    return (starts(tensor)[:, None] + numpy.arange(tensor.element_size())[None, :]).reshape(-1)


class SameMemory:
    """Storages are equal byte for byte, and every tensor looks at the same place of its own."""

    def __init__(self, any_nan=False):
        self.any_nan, self.storages = any_nan, Pairing()

    def tensor(self, path, first, second):
        require(path, "stride", first.stride(), second.stride())
        require(path, "storage_offset", first.storage_offset(), second.storage_offset())
        self.storage(path, first.untyped_storage(), second.untyped_storage(), first.dtype)

    def storage(self, path, first, second, dtype=None):
        if not self.storages.meet(path, first._cdata, second._cdata, "storage", (first, second)):
            return
        require(path, "storage bytes", first.nbytes(), second.nbytes())
        if not torch.equal(raw(first), raw(second)) and not (self.any_nan and self.equal_but_for_nan(first, second, dtype)):
            place = int((raw(first) != raw(second)).nonzero()[0])
            raise Difference(f"{path}: the storage differs at byte {place}: {int(raw(second)[place])}, expected {int(raw(first)[place])}")

    def equal_but_for_nan(self, first, second, dtype):
        """Which NaN a conversion gives depends on the machine."""
        if dtype is None or not dtype.is_floating_point:
            return False
        one, other = (torch.empty(0, dtype=dtype).set_(storage) for storage in (first, second))
        same = (raw(first).view(-1, dtype.itemsize) == raw(second).view(-1, dtype.itemsize)).all(1)
        return bool((same | (one.float().isnan() & other.float().isnan())).all())

    def finish(self):
        pass


class CompactMemory:
    """Storages may have lost what no tensor looks at.

    Every byte that is looked at has one new place, so elements that were one still are, and no other. With `split`,
    tensors that shared a storage without overlapping may have storages of their own. `size` is what the storages have
    to hold exactly: "used" (the bytes of elements), "intervals" (from the first to the last byte of each tensor),
    "hull" (from the first to the last byte of all); without it, anything from "used" to "hull".
    """

    def __init__(self, size=None, split=False):
        self.size, self.split = size, split
        self.pairs, self.pairing = collections.defaultdict(list), Pairing()

    def tensor(self, path, first, second):
        require(path, "stride", first.stride(), second.stride())
        self.add(path, first.untyped_storage(), second.untyped_storage(), addresses(first), addresses(second))

    def storage(self, path, first, second):
        require(path, "storage bytes", first.nbytes(), second.nbytes())
        self.add(path, first, second, numpy.arange(first.nbytes()), numpy.arange(second.nbytes()))

    def add(self, path, first, second, old, new):
        if not self.split:
            self.pairing.meet(path, first._cdata, second._cdata, "storage")
        if len(new) and new.max() >= second.nbytes():
            raise Difference(f"{path}: the tensor leaves its storage")
        if not numpy.array_equal(raw(first).numpy()[old], raw(second).numpy()[new]):
            raise Difference(f"{path}: elements differ")
        self.pairs[first._cdata].append((path, first, second, old, new))

    def finish(self):
        owners = {}
        for rows in self.pairs.values():
            self.check(rows)
            for path, first, second, _, _ in rows:
                if owners.setdefault(second._cdata, first._cdata) != first._cdata:
                    raise Difference(f"{path}: two storages became one")

    def check(self, rows):
        path, old = rows[0][0], numpy.concatenate([row[3] for row in rows])
        storages = list({row[2]._cdata: row[2] for row in rows}.values())
        numbers = {storage._cdata: place for place, storage in enumerate(storages)}
        new = numpy.concatenate([row[4] + (numbers[row[2]._cdata] << 48) for row in rows])
        places = len(numpy.unique(numpy.stack([old, new]), axis=1)[0]) if len(old) else 0
        if not places == len(numpy.unique(old)) == len(numpy.unique(new)):
            raise Difference(f"{path}: elements that shared memory do not any more, or others do")
        self.check_size(path, [row[3] for row in rows], sum(storage.nbytes() for storage in storages))

    def check_size(self, path, old, size):
        sizes = {"used": len(numpy.unique(numpy.concatenate(old))), "intervals": intervals(old), "hull": intervals([numpy.concatenate(old)])}
        if self.size:
            require(path, f"{self.size} bytes", sizes[self.size], size)
        elif not sizes["used"] <= size <= sizes["hull"]:
            raise Difference(f"{path}: the storage has {size} bytes, expected {sizes['used']} to {sizes['hull']}")


def intervals(groups):
    """How many bytes the spans of these groups of addresses cover together."""
    spans = sorted((int(group.min()), int(group.max()) + 1) for group in groups if len(group))
    total, reached = 0, 0
    for start, end in spans:
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
