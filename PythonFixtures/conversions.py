"""Tables of torch's own conversions between float32 and the narrow floats, to hold another implementation to.

Every file is little-endian without a header.
    decode_<dtype>.bin     float32 for every code, in code order: 256 values for one-byte dtypes, 65536 for 16-bit ones
    encode_<dtype>.bin     pairs, packed: a float32 input, then the code that `.to(dtype)` gave (one byte, or two)
Encode inputs, in this order: every value of the dtype; the midpoint of each pair of neighbours, and the float32 just
below and above it; the edges (overflow, infinities, NaNs, zeros, float32 subnormals); 100,000 seeded bit patterns.
"""
import os

import numpy
import torch

ONE_BYTE = ("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu")
TWO_BYTES = ("float16", "bfloat16")
NAMES = ONE_BYTE + TWO_BYTES


def codes(name):
    """Every code of the dtype, as a tensor of it."""
    if name in ONE_BYTE:
        return torch.arange(256, dtype=torch.int32).to(torch.uint8).view(getattr(torch, name))
    return torch.arange(65536, dtype=torch.int32).to(torch.int16).view(getattr(torch, name))


def decoded(name):
    return codes(name).to(torch.float32).numpy()


def as_codes(tensor):
    """The bits of narrow floats as unsigned integers."""
    if tensor.element_size() == 1:
        return tensor.view(torch.uint8).numpy()
    return tensor.view(torch.int16).numpy().view(numpy.uint16)


def neighbours(values):
    """The midpoints of neighbouring values, and the float32 on each side of each; beyond the largest value, where the
    next one would have been (that is where rounding turns into overflow)."""
    finite = numpy.unique(values[numpy.isfinite(values)].astype(numpy.float64))
    grown = numpy.concatenate([[2 * finite[0] - finite[1]], finite, [2 * finite[-1] - finite[-2]]])
    with numpy.errstate(over="ignore"):
        middle = ((grown[:-1] + grown[1:]) / 2).astype(numpy.float32)
        return numpy.concatenate([middle, numpy.nextafter(middle, numpy.float32(-numpy.inf)),
                                  numpy.nextafter(middle, numpy.float32(numpy.inf)), grown.astype(numpy.float32)])


def edges():
    bits = [0x00000000, 0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00000, 0x7F800001, 0x7FFFFFFF, 0xFFFFFFFF, 0x00000001, 0x80000001,
            0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x00400000, 0x00200000, 0x00100000]
    return numpy.array(bits, dtype=numpy.uint32).view(numpy.float32)


def noise():
    return numpy.random.Generator(numpy.random.PCG64(20240506)).integers(0, 1 << 32, 100_000, dtype=numpy.uint32).view(numpy.float32)


def inputs(name):
    values = decoded(name)
    return numpy.concatenate([values, neighbours(values), edges(), noise()]).astype(numpy.float32)


def encoded(name, floats):
    return as_codes(torch.from_numpy(floats).to(getattr(torch, name)))


def write(out):
    for name in NAMES:
        write_decode(os.path.join(out, f"decode_{name}.bin"), name)
        write_encode(os.path.join(out, f"encode_{name}.bin"), name)


def write_decode(path, name):
    if not os.path.exists(path):
        decoded(name).astype("<f4").tofile(path)


def write_encode(path, name):
    if os.path.exists(path):
        return
    floats = inputs(name)
    pairs = numpy.empty(len(floats), dtype=[("input", "<f4"), ("code", "<u1" if name in ONE_BYTE else "<u2")])
    pairs["input"], pairs["code"] = floats, encoded(name, floats)
    pairs.tofile(path)
