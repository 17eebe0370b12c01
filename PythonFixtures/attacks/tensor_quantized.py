"""A quantized tensor whose strides leave its storage: torch up to 2.12 read what was behind it. And one whose scales have
another number than its axis."""
import struct

from assembling import HOOKS, STORAGE, call, checkpoint, dictionary, group, integer, name, numbers, storage, tensor

VERDICT, FINDINGS, INSPECT, FIRES = "suspicious", ["refused"], "invalidTensor", {}
AFFINE = group(name("torch", "per_tensor_affine"), b"G" + struct.pack(">d", 0.5), integer(0))


def quantized(shape, strides, scheme=AFFINE):
    return call(
        name("torch._utils", "_rebuild_qtensor"), storage(48, kind="QInt8Storage"), integer(0), numbers(shape), numbers(strides), scheme,
        b"\x89", HOOKS)


def build(canary):
    scales, zeros = (tensor((2,), (1,), source=storage(12, *place)) for place in (("1",), ("2", "LongStorage")))
    channels = group(name("torch", "per_channel_affine"), scales, zeros, integer(7))
    tensors = {
        "stride": quantized((4, 12), (1 << 20, 1)), "size": quantized((49,), (1,)), "axis": quantized((4, 12), (12, 1), channels)}
    records = {"data/1": STORAGE, "data/2": bytes(96)}
    return {f"{word}.pth": checkpoint(dictionary(weight=made), **records) for word, made in tensors.items()}
