"""Every dtype at every rank: a checkpoint of one file per dtype, and quantized tensors in their own files."""
import torch

DTYPES = """float64 float32 float16 bfloat16 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu
float4_e2m1fn_x2 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool complex32 complex64 complex128
bits1x8 bits2x4 bits4x2 bits8 bits16 int1 int2 int3 int4 int5 int6 int7 uint1 uint2 uint3 uint4 uint5 uint6 uint7
bcomplex32""".split()

SHAPES = {"scalar": (), "empty": (0,), "empty_0x3": (0, 3), "vector": (5,), "matrix": (3, 4), "four_d": (2, 3, 2, 2)}

# Codes of 0, -0, subnormals (smallest, largest), smallest normal, one, largest, infinities, NaNs of both signs and
# with a payload, and the negative extremes. Written as bits because a conversion would lose what they test.
SPECIAL_CODES = {
    "float64": (8, [0, 1 << 63, 1, (1 << 52) - 1, 1 << 52, 0x3FF0 << 48, 0x7FEFFFFFFFFFFFFF, 0xFFEFFFFFFFFFFFFF,
                    0x7FF0 << 48, 0xFFF0 << 48, 0x7FF8 << 48, 0xFFF8 << 48, 0x7FF8000000000123, 0x7FF0000000000001,
                    0x8000000000000001, 0x3FB999999999999A]),
    "float32": (4, [0, 0x80000000, 1, 0x007FFFFF, 0x00800000, 0x3F800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000,
                    0xFF800000, 0x7FC00000, 0xFFC00000, 0x7FC00123, 0x7F800001, 0x80000001, 0x3DCCCCCD]),
    "float16": (2, [0, 0x8000, 1, 0x03FF, 0x0400, 0x3C00, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00, 0xFE00, 0x7E12,
                    0x7C01, 0x8001, 0x2E66]),
    "bfloat16": (2, [0, 0x8000, 1, 0x007F, 0x0080, 0x3F80, 0x7F7F, 0xFF7F, 0x7F80, 0xFF80, 0x7FC0, 0xFFC0, 0x7FC1,
                     0x7F81, 0x8001, 0x3DCD]),
    "complex64": (4, [0, 0x80000000, 0x7F800000, 0x7FC00000, 0xFF800000, 1, 0x7F7FFFFF, 0xFF7FFFFF]),
    "complex128": (8, [0, 1 << 63, 0x7FF0 << 48, 0x7FF8 << 48, 0xFFF0 << 48, 1, 0x7FEFFFFFFFFFFFFF, 0xFFEFFFFFFFFFFFFF]),
    "complex32": (2, [0, 0x8000, 0x7C00, 0x7E00, 0xFC00, 1, 0x7BFF, 0xFBFF]),
}


def from_bytes(data, dtype, shape):
    """A tensor over these little-endian bytes, for dtypes too that have no arithmetic."""
    flat = torch.tensor(list(data), dtype=torch.uint8)
    return (flat.view(dtype) if len(data) else torch.empty(0, dtype=dtype)).reshape(shape)


def noise(name, count):
    """Reproducible bytes: a small linear congruential generator seeded by the name."""
    state, out = sum(ord(c) * 31 ** i for i, c in enumerate(name)) & 0xFFFFFFFF, bytearray()
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(state >> 24)
    return bytes(out)


def numbers(name, dtype, shape):
    """Readable numbers where the dtype has numbers, bytes where it has only bits."""
    count = torch.Size(shape).numel()
    if dtype.is_complex:
        parts = [complex(i - count / 2, 0.25 * i) for i in range(count)]
        return torch.tensor(parts, dtype=torch.complex128).to(dtype).reshape(shape)
    if dtype.is_floating_point and name not in ("float4_e2m1fn_x2", "float8_e8m0fnu"):
        return torch.tensor([0.75 * i - count / 2 for i in range(count)], dtype=torch.float64).to(dtype).reshape(shape)
    size = torch.empty(0, dtype=dtype).element_size()
    data = noise(name + str(shape), count * size)
    return from_bytes([b & 1 for b in data] if name == "bool" else data, dtype, shape)


def special(name, dtype):
    """The extreme values: all 256 codes for one-byte floats, the listed codes for the wider ones, the limits of ints."""
    if name.startswith(("float8", "float4")):
        return from_bytes(bytes(range(256)), dtype, (256,))
    if name in SPECIAL_CODES:
        size, codes = SPECIAL_CODES[name]
        return from_bytes(b"".join(code.to_bytes(size, "little") for code in codes), dtype, (-1,))
    if name == "bool":
        return torch.tensor([False, True, True])
    size = torch.empty(0, dtype=dtype).element_size()
    top = 1 << (8 * size - 1)
    return from_bytes(b"".join(v.to_bytes(size, "little") for v in (0, 1, top - 1, top, 2 * top - 1)), dtype, (-1,))


def checkpoint_of(name):
    dtype = getattr(torch, name)
    entries = {key: numbers(name, dtype, shape) for key, shape in SHAPES.items()}
    entries["special"] = special(name, dtype)
    return entries


def quantized(dtype):
    """Per-tensor and, where the dtype has it, per-channel quantization."""
    values = torch.tensor([[-1.0, -0.25, 0.0], [0.5, 1.0, 7.5]])
    if dtype in (torch.quint4x2, torch.quint2x4):
        weights = torch.tensor([[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]])
        scales, zeros = torch.tensor([0.5, 0.25]), torch.tensor([0.0, 1.0])
        return {"per_channel_float": torch.quantize_per_channel(weights, scales, zeros, 0, dtype)}
    zero = 3 if dtype != torch.qint32 else -5
    per_channel = torch.quantize_per_channel(values, torch.tensor([0.1, 0.2], dtype=torch.float64),
                                             torch.tensor([0, 4]), 0, dtype)
    per_tensor = torch.quantize_per_tensor(values, 0.125, zero, dtype)
    return {"per_tensor": per_tensor, "transposed": per_tensor.t(), "per_channel": per_channel,
            "scalar": torch.quantize_per_tensor(torch.tensor(1.5), 0.5, 1, dtype),
            "empty": torch.quantize_per_tensor(torch.empty(0), 0.5, 1, dtype)}


def write(folder):
    for name in DTYPES:
        if hasattr(torch, name):
            folder.save(f"dtype_{name}.pth", lambda: checkpoint_of(name))
    for name in ("qint8", "quint8", "qint32", "quint4x2", "quint2x4"):
        folder.save(f"quantized_{name}.pth", lambda: quantized(getattr(torch, name)))
