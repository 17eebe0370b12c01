"""A small file for each rule of torch's unpickler with restrictions, most in pairs: see weights_only.py.

The verdicts are torch's; nothing here says what they should be.
"""

import itertools
import os
import struct

from hostile_kinds import Writer, call, group, name, number, numbers, storage, text

T, F, N = b"\x88", b"\x89", b"N"
LIST, DICT, TUPLE, SET = b"]", b"}", b")", b"\x8f"
STORAGES = {
    "0": bytes(16), "F": bytes(256), "L": bytes(512), "D": bytes(256), "I": bytes(256), "Q": bytes(256), "C": bytes(256),
    "B": bytes(256), "e": b""}
CLASSES = {
    "F": ("Float", 64), "L": ("Long", 64), "D": ("Double", 32), "I": ("Int", 64), "Q": ("QInt8", 256), "C": ("ComplexFloat", 32),
    "B": ("Bool", 256)}


def known(path):
    return name(*path.rsplit(".", 1))


def real(value):
    return b"G" + struct.pack(">d", value)


def listed(*items):
    return b"](" + b"".join(items) + b"e"


def integers(*values):
    return listed(*map(number, values))


def entries(*pairs):
    return b"}(" + b"".join(pairs) + b"u"


def named(**values):
    return entries(*itertools.chain.from_iterable((text(key), value) for key, value in values.items()))


def made(function, *arguments):
    return function + group(*arguments) + b"\x81"


def size(*values):
    return call(known("torch.Size"), numbers(values))


def layout(word):
    return call(known("torch.serialization._get_layout"), text("torch." + word))


def encoded(word, *rest):
    return call(known("_codecs.encode"), text(word), *rest)


def surrogate():
    return b"X\x03\0\0\0\xed\xa0\x80"


HOOKS = call(known("collections.OrderedDict"))
LATIN1 = encoded("ab", text("latin1"))
FOUR = storage("0", 4)
FLOAT32 = known("torch.float32")
TENSOR, PARAMETER = known("torch.Tensor"), known("torch.nn.parameter.Parameter")
V2, V3 = known("torch._utils._rebuild_tensor_v2"), known("torch._utils._rebuild_tensor_v3")


def v2(source=FOUR, offset=number(0), shape=numbers([2, 2]), strides=numbers([2, 1]), grad=F, hooks=HOOKS, *rest):
    return call(V2, source, offset, shape, strides, grad, hooks, *rest)


def v3(dtype=FLOAT32, grad=F, shape=numbers([2, 2]), strides=numbers([2, 1])):
    return call(V3, FOUR, number(0), shape, strides, grad, HOOKS, dtype)


def plain(key, *shape, strides=None, grad=F):
    kind, count = CLASSES[key]
    if strides is None:
        strides = [1] * len(shape)
        for place in reversed(range(len(shape) - 1)):
            strides[place] = strides[place + 1] * max(shape[place + 1], 1)
    return v2(storage(key, count, kind + "Storage"), number(0), numbers(shape), numbers(strides), grad)


class Cases:
    def __init__(self, folder):
        self.writer, self.folder, self.made = Writer(folder), folder, []

    def add(self, about, pickle, **others):
        file = f"{len(self.made):04}.pth"
        self.writer.pickled(file, pickle, STORAGES, version=b"3\n", **others)
        self.made.append((os.path.join(self.folder, file), {"about": about}))

    def add_all(self, about, pickles):
        for key, pickle in pickles.items():
            self.add(f"{about}: {key}", pickle)

    def calls(self, function, arguments, about=None):
        """Each call of a function, and each object of it as a class."""
        for key, values in arguments.items():
            self.add(f"{about or function}: {key}", call(known(function), *values))
            self.add(f"{about or function} made: {key}", made(known(function), *values))

    def add_bytes(self, about, content):
        file = f"{len(self.made):04}.pth"
        self.writer.bytes(file, content)
        self.made.append((os.path.join(self.folder, file), {"about": about}))


# Values of any kind, for places in which most are wrong.
ANY = {
    "None": N, "True": T, "False": F, "0": number(0), "1": number(1), "-1": number(-1), "2**70": number(1 << 70), "1.0": real(1.0),
    "'a'": text("a"), "''": text(""), "b'ab'": LATIN1, "()": TUPLE, "(1, 2)": numbers([1, 2]), "(None, {'a': 1})":
    group(N, named(a=number(1))), "((1, 2), (3, 4))": group(numbers([1, 2]), numbers([3, 4])), "[]": LIST, "[1]": integers(1),
    "[[]]": listed(LIST), "{}": DICT, "{'a': 1}": named(a=number(1)), "{1: 2}": entries(number(1), number(2)), "OrderedDict": HOOKS,
    "Counter": call(known("collections.Counter")), "set": SET, "set([1])": call(known("builtins.set"), integers(1)),
    "bytearray": call(known("builtins.bytearray")), "complex": call(known("builtins.complex")), "Size": size(1, 2), "Size()": size(),
    "device": call(known("torch.device"), text("cpu")), "layout": layout("strided"), "dtype": FLOAT32, "a class": TENSOR,
    "a storage class": known("torch.FloatStorage"), "qscheme": known("torch.per_tensor_affine"), "a storage": FOUR, "a tensor": v2(),
    "a scalar tensor": v2(shape=TUPLE, strides=TUPLE), "int64": plain("L", 2), "a parameter": call(PARAMETER)}


def strided(cases):
    for place, right in enumerate((FOUR, number(0), numbers([2, 2]), numbers([2, 1]), F, HOOKS, N)):
        for about, value in ANY.items():
            arguments = [FOUR, number(0), numbers([2, 2]), numbers([2, 1]), F, HOOKS, N]
            arguments[place] = value
            cases.add(f"_rebuild_tensor_v2, argument {place}: {about}", call(V2, *arguments))
    for about, value in ANY.items():
        cases.add(f"_rebuild_tensor_v3, dtype: {about}", v3(value))
        cases.add(f"_rebuild_tensor_v3, requires_grad: {about}", v3(grad=value))
        for key in ("neg", "conj", "other"):
            cases.add(f"metadata {key}: {about}", v2(FOUR, number(0), numbers([2]), numbers([1]), F, HOOKS, entries(text(key), value)))
    shapes = {
        "int and bool": (group(number(2), T), numbers([2, 1])), "int and float": (group(number(2), real(2.0)), numbers([2, 1])),
        "empty stride": (numbers([2, 2]), TUPLE), "shorter stride": (numbers([2, 2]), numbers([1])),
        "longer stride": (numbers([2, 2]), numbers([1, 1, 1])), "negative size": (numbers([-1, 2]), numbers([2, 1])),
        "negative stride": (numbers([2, 2]), numbers([-1, 1])), "negative stride of one": (numbers([1, 2]), numbers([-1, 1])),
        "outside": (numbers([3, 2]), numbers([2, 1])), "nothing": (numbers([0, 9]), numbers([9, 1])),
        "overflow": (numbers([1 << 40, 1 << 40]), numbers([0, 0])), "much": (numbers([1 << 31, 1 << 31]), numbers([0, 0])),
        "stride overflow": (numbers([2, 2]), numbers([1 << 62, 1 << 62])), "none and much": (numbers([0, 1 << 62]), numbers([0, 0])),
        "much and none": (numbers([1 << 62, 1 << 62, 0]), numbers([0, 0, 0])), "65": (numbers([1] * 65), numbers([1] * 65))}
    cases.add_all("shape", {key: v2(shape=shape, strides=strides) for key, (shape, strides) in shapes.items()})
    cases.add_all("offset", {str(value): v2(offset=number(value), shape=numbers([1]), strides=numbers([1])) for value in (3, 4, -1, 1 << 62)})
    for kind, count in {"Double": 2, "Half": 8, "Long": 2, "Bool": 16, "BFloat16": 8, "ComplexFloat": 2, "QInt8": 16, "QUInt4x2": 16,
                        "QUInt2x4": 16}.items():
        source = storage("0", count, kind + "Storage")
        for grad, rest in itertools.product((T, F), ((), (named(conj=T),), (named(neg=T),))):
            cases.add(f"{kind}, {grad}, {rest}", v2(source, number(0), numbers([1]), numbers([1]), grad, HOOKS, *rest))
        cases.add(f"{kind} without strides", v2(source, number(0), numbers([1]), N))
        cases.add_all(kind, {str(many): v2(source, number(0), numbers([many]), numbers([1])) for many in (16, 17, 32, 33, 64, 65)})
    for count in (5, 8):
        cases.add(f"_rebuild_tensor_v2 of {count}", call(V2, *[FOUR, number(0), numbers([2]), numbers([1]), F, HOOKS, N, N][:count]))
    for word in ("float64", "qint8", "bits8", "uint1", "float8_e5m2", "float4_e2m1fn_x2", "int64"):
        cases.add(f"v3 of {word}", v3(known("torch." + word), shape=numbers([1]), strides=numbers([1])))
        cases.add(f"parameter of {word}", call(PARAMETER, v3(known("torch." + word), shape=numbers([1]), strides=numbers([1]))))
    cases.add("_rebuild_tensor", call(known("torch._utils._rebuild_tensor"), FOUR, number(0), numbers([2, 2]), numbers([2, 1])))
    cases.add("metadata twice", v2(FOUR, number(0), numbers([2]), numbers([1]), F, HOOKS, entries(text("neg"), text("a"), text("neg"), T)))
    cases.add("surrogate in metadata", v2(FOUR, number(0), numbers([2]), numbers([1]), F, HOOKS, entries(surrogate(), T)))


def python_classes(cases):
    for function in ("collections.OrderedDict", "collections.Counter", "builtins.set", "builtins.bytearray", "builtins.complex",
                     "torch.Size", "torch.device", "torch.serialization._get_layout", "_codecs.encode", "torch.storage.TypedStorage",
                     "torch.storage.UntypedStorage", "torch.FloatTensor", "torch.sparse.FloatTensor", "torch.cuda.FloatTensor",
                     "torch.Tensor", "torch.nn.parameter.Parameter", "torch.float32", "torch.FloatStorage", "torch.per_tensor_affine"):
        cases.calls(function, {"nothing": ()} | {key: (value,) for key, value in ANY.items()})
        for about, value in ANY.items():
            cases.add(f"state of {function}(): {about}", call(known(function)) + value + b"b")
            if function in ("collections.OrderedDict", "torch.Tensor"):
                cases.add(f"{function} with arguments {about}", known(function) + value + b"R")
        cases.calls(function, {"two": (number(1), number(2)), "three": (number(1), number(2), number(3)), "four": (number(1),) * 4})
    for about, value in ANY.items():
        cases.add(f"key {about}", entries(value, N))
        cases.add(f"element {about}", call(known("builtins.set"), listed(value)))
        cases.add(f"key in a tuple {about}", entries(group(group(value)), N))
        cases.add(f"entry of {about}", value + number(1) + N + b"s")
        cases.add(f"no entry of {about}", value + b"(u")
        cases.add(f"append to {about}", value + N + b"a")
        cases.add(f"append nothing to {about}", value + b"(e")
        cases.add(f"call of {about}", value + TUPLE + b"R")
        cases.add(f"object of {about}", value + TUPLE + b"\x81")
        cases.add(f"state of {about}", value + DICT + b"b")
        cases.add(f"persistent {about}", value + b"Q")
        cases.add(f"size of {about}", call(known("torch.Size"), group(value)))
        cases.add(f"byte {about}", call(known("builtins.bytearray"), listed(value)))
        cases.add(f"complex {about}", call(known("builtins.complex"), number(1), value))
        cases.add(f"pair of {about}", call(known("collections.OrderedDict"), listed(group(value, N))))
        cases.add(f"encoding {about}", encoded("a", value))
        cases.add(f"slots {about}", call(known("collections.Counter")) + group(N, value) + b"b")
    cases.add_all("encoding", {word: encoded("a", text(word)) for word in ("latin1", "LATIN1", "iso-8859-1", "utf8", "ascii", "hex", "no")})
    cases.add_all("text", {
        "latin1 of \u20ac": call(known("_codecs.encode"), b"X\x03\0\0\0\xe2\x82\xac", text("latin1")),
        "latin1 of \u00e9": call(known("_codecs.encode"), b"X\x02\0\0\0\xc3\xa9", text("latin1")),
        "ascii of \u00e9": call(known("_codecs.encode"), b"X\x02\0\0\0\xc3\xa9", text("ascii")),
        "utf-8 of a surrogate": call(known("_codecs.encode"), surrogate(), text("utf-8")),
        "a string of Python 2": b"U\x02ab", "a string of Python 2 that is no text": b"U\x01\xe9"})
    cases.calls("builtins.bytearray", {"text": (text("a"), text("latin1")), "bytes": (LATIN1, text("latin1")), "much": (number(1 << 62),)})
    for tag in ("cpu", "cpu:0", "cuda", "cuda:1", "cuda:01", "cuda:", "cuda:-1", "foo", "", "CPU", "cpu ", "meta", "meta:0", "mps", "mps:0",
                "xla:0", "npu", "hpu", "privateuseone:1", "cuda0", "cuda:x", "cuda:99999999999"):
        cases.add(f"torch.device('{tag}')", call(known("torch.device"), text(tag)))
        cases.add(f"torch.device('{tag}', 0)", call(known("torch.device"), text(tag), number(0)))
        location = text(tag) if tag else text("")
        source = group(text("storage"), known("torch.FloatStorage"), text("0"), location, number(4)) + b"Q"
        cases.add(f"storage on '{tag}'", source)
        if not tag.startswith(("hpu", "privateuseone", "mps")):
            cases.add(f"tensor on '{tag}'", v2(source))
    cases.calls("torch.device", {"index True": (text("cpu"), T), "index None": (text("cpu"), N), "index -1": (text("cpu"), number(-1))})
    for word in ("strided", "sparse_coo", "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc", "_mkldnn", "jagged", "foo"):
        cases.add(f"layout {word}", layout(word))


def parameters(cases):
    rebuild, with_state = known("torch._utils._rebuild_parameter"), known("torch._utils._rebuild_parameter_with_state")
    from_type, inner = known("torch._tensor._rebuild_from_type_v2"), group(FOUR, number(0), numbers([2]), numbers([1]), F, HOOKS)
    for about, value in ANY.items():
        cases.add(f"Parameter, requires_grad {about}", call(PARAMETER, v2(), value))
        cases.add(f"_rebuild_parameter of {about}", call(rebuild, value, T, HOOKS))
        cases.add(f"_rebuild_parameter, requires_grad {about}", call(rebuild, v2(), value, HOOKS))
        cases.add(f"_rebuild_parameter, hooks {about}", call(rebuild, v2(), F, value))
        cases.add(f"_rebuild_parameter_with_state, state {about}", call(with_state, v2(), T, HOOKS, value))
        cases.add(f"_rebuild_from_type_v2, state {about}", call(from_type, V2, TENSOR, inner, value))
        cases.add(f"_rebuild_from_type_v2, type {about}", call(from_type, V2, value, inner, DICT))
        cases.add(f"_rebuild_from_type_v2, function {about}", call(from_type, value, TENSOR, inner, DICT))
        cases.add(f"_rebuild_from_type_v2, arguments {about}", call(from_type, V2, TENSOR, value, DICT))
        for source, target in {"Tensor": call(TENSOR), "Parameter": call(PARAMETER), "int64": plain("L", 2)}.items():
            cases.add(f"state of {source}: {about}", target + value + b"b")
            cases.add(f"state of {source}: ({about}, False, hooks)", target + group(value, F, HOOKS) + b"b")
            cases.add(f"state of {source}: ({about}, None, hooks, False, False)", target + group(value, N, HOOKS, F, F) + b"b")
            cases.add(f"state of {source}: ({about}, 0, (2,), (1,))", target + group(value, number(0), numbers([2]), numbers([1])) + b"b")
    for word in ("foo", "shape", "data", "requires_grad", "grad", "_backward_hooks", "grad_fn", "__class__", "name", "names", "_is_param",
                 "__dict__", "device", "T", "add", "_base", "_grad", "imag", "is_leaf", "layout", "dtype", "itemsize", "volatile", ""):
        for about, value in {"None": N, "True": T, "1": number(1), "a tensor": v2()}.items():
            cases.add(f"attribute {word} is {about}", call(with_state, v2(), T, HOOKS, entries(text(word), value)))
            cases.add(f"attribute {word} of a tensor is {about}", call(from_type, V2, TENSOR, inner, entries(text(word), value)))
    four = group(FOUR, number(0), numbers([2]), numbers([1]))
    for about, target in {
            "Tensor": call(TENSOR), "FloatTensor": call(known("torch.FloatTensor")), "made": made(known("torch.FloatTensor")),
            "LongTensor": call(known("torch.LongTensor")), "with gradients": v2(grad=T), "Parameter": call(PARAMETER),
            "Parameter without": call(PARAMETER, N, F), "Parameter of int64": call(PARAMETER, plain("L", 2), F),
            "sparse": call(known("torch.sparse.FloatTensor")), "quantized": plain("Q", 2)}.items():
        cases.add_all(f"state of {about}", {
            "four": target + four + b"b", "three": target + group(FOUR, number(0), numbers([2])) + b"b",
            "outside": target + group(FOUR, number(0), numbers([9]), numbers([1])) + b"b", "list": target + listed(FOUR, number(0), numbers([2]), numbers([1])) + b"b",
            "int64": target + group(storage("L", 64, "LongStorage"), number(0), numbers([2]), numbers([1])) + b"b",
            "grad": target + group(T, F, HOOKS) + b"b", "data and grad": target + group(v2(), N, HOOKS, T, F) + b"b"})
    cases.add("parameter in a type", call(from_type, rebuild, PARAMETER, group(v2(), T, HOOKS), DICT))
    cases.add("parameter as a tensor", call(from_type, rebuild, TENSOR, group(v2(), T, HOOKS), DICT))
    cases.add("type in a type", call(from_type, from_type, TENSOR, group(V2, TENSOR, inner, DICT), DICT))
    cases.add("parameter of int64", call(rebuild, plain("L", 2), T, HOOKS))
    cases.add("fixed parameter of int64", call(rebuild, plain("L", 2), F, HOOKS))


def kinds(cases):
    sparse = known("torch._utils._rebuild_sparse_tensor")
    index, values = plain("L", 2, 3), plain("F", 3)
    parts = {
        "right": (index, values, size(4, 4)), "coalesced": (index, values, size(4, 4), T), "None": (index, values, size(4, 4), N),
        "1": (index, values, size(4, 4), number(1)), "two": (index, values), "five": (index, values, size(4, 4), T, T),
        "fewer values": (index, plain("F", 2), size(4, 4)), "dimensions": (index, values, size(4)), "hybrid": (index, plain("F", 3, 5), size(4, 4, 5)),
        "wrong hybrid": (index, plain("F", 3, 5), size(4, 4, 6)), "indices in a row": (plain("L", 3), values, size(4)),
        "float indices": (plain("F", 2, 3), values, size(4, 4)), "negative": (index, values, size(-4, 4)), "much": (index, values, size(1 << 31, 1 << 33)),
        "quantized": (index, plain("Q", 3), size(4, 4)), "quantized indices": (plain("Q", 2, 3), values, size(4, 4)), "scalar": (plain("L", 2, 1), plain("F"), size(4, 4)),
        "complex": (index, plain("C", 3), size(4, 4)), "with gradients": (index, plain("F", 3, grad=T), size(4, 4)), "none": (plain("L", 2, 0), plain("F", 0), size(4, 4)),
        "on meta": (index, call(known("torch._utils._rebuild_meta_tensor_no_storage"), FLOAT32, numbers([3]), numbers([1]), F), size(4, 4))}
    cases.add_all("sparse_coo", {key: call(sparse, layout("sparse_coo"), group(*values)) for key, values in parts.items()})
    crow, column = plain("L", 5), plain("L", 3)
    compressed = {
        "right": (crow, column, values, size(4, 4)), "few rows": (plain("L", 4), column, values, size(4, 4)), "three": (crow, column, values),
        "five": (crow, column, values, size(4, 4), N), "float rows": (plain("F", 5), column, values, size(4, 4)), "negative": (crow, column, values, size(-4, 4)),
        "much": (crow, column, values, size(1 << 62, 1 << 62)), "quantized": (crow, column, plain("Q", 3), size(4, 4)), "size of one": (crow, column, values, size(4)),
        "on meta": (crow, column, call(known("torch._utils._rebuild_meta_tensor_no_storage"), FLOAT32, numbers([3]), numbers([1]), F), size(4, 4))}
    for word in ("sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc", "strided", "jagged"):
        cases.add_all(word, {key: call(sparse, layout(word), group(*values)) for key, values in compressed.items()})
    meta, from_cpu = known("torch._utils._rebuild_meta_tensor_no_storage"), known("torch._utils._rebuild_device_tensor_from_cpu_tensor")
    wrapper, nested = known("torch._utils._rebuild_wrapper_subclass"), known("torch._utils._rebuild_nested_tensor")
    for about, value in ANY.items():
        cases.add(f"layout {about}", call(sparse, value, group(index, values, size(4, 4))))
        cases.add(f"sparse parts {about}", call(sparse, layout("sparse_coo"), value))
        cases.add(f"indices {about}", call(sparse, layout("sparse_coo"), group(value, values, size(4, 4))))
        cases.add(f"values {about}", call(sparse, layout("sparse_coo"), group(index, value, size(4, 4))))
        cases.add(f"sparse size {about}", call(sparse, layout("sparse_coo"), group(index, values, value)))
        cases.add(f"columns {about}", call(sparse, layout("sparse_csr"), group(crow, value, values, size(4, 4))))
        for place in range(4):
            arguments = [FLOAT32, numbers([2]), numbers([1]), F]
            arguments[place] = value
            cases.add(f"meta, argument {place}: {about}", call(meta, *arguments))
            arguments = [plain("F", 3), FLOAT32, text("cpu"), F]
            arguments[place] = value
            cases.add(f"from the CPU, argument {place}: {about}", call(from_cpu, *arguments))
            arguments = [plain("F", 8), plain("L", 2, 2), plain("L", 2, 2), plain("L", 2)]
            arguments[place] = value
            cases.add(f"nested, argument {place}: {about}", call(nested, *arguments))
        cases.add(f"wrapper {about}", call(wrapper, value, FLOAT32, numbers([2]), numbers([1]), number(0), layout("strided"), text("cpu"), F))
        cases.add(f"from NumPy {about}", call(known("torch._utils._rebuild_device_tensor_from_numpy"), value, FLOAT32, text("cpu"), F))
    cases.add_all("nested", {
        "right": call(nested, plain("F", 8), plain("L", 2, 2), plain("L", 2, 2), plain("L", 2)), "int32": call(nested, plain("F", 8), plain("I", 2, 2), plain("L", 2, 2), plain("L", 2)),
        "other strides": call(nested, plain("F", 8), plain("L", 2, 2), plain("L", 3, 2), plain("L", 2)), "rank": call(nested, plain("F", 2, 4), plain("L", 2, 2), plain("L", 2, 2), plain("L", 2)),
        "quantized": call(nested, plain("Q", 8), plain("L", 2, 2), plain("L", 2, 2), plain("L", 2))})
    cases.add_all("meta", {
        "negative": call(meta, FLOAT32, numbers([-2]), numbers([1]), F), "strides": call(meta, FLOAT32, numbers([2]), TUPLE, F), "grad": call(meta, FLOAT32, numbers([2]), numbers([1]), T),
        "grad of int64": call(meta, known("torch.int64"), numbers([2]), numbers([1]), T), "quantized": call(meta, known("torch.qint8"), numbers([2]), numbers([1]), F),
        "much": call(meta, FLOAT32, numbers([1 << 62, 1 << 62]), numbers([1, 1]), F), "negative stride": call(meta, FLOAT32, numbers([2]), numbers([-1]), F)})
    for word in ("float64", "int64", "qint8", "bits8", "uint1", "int4", "float4_e2m1fn_x2", "float8_e8m0fnu", "complex32", "uint16"):
        cases.add(f"from the CPU to {word}", call(from_cpu, plain("F", 3), known("torch." + word), text("cpu"), F))
        cases.add(f"from the CPU to {word} with gradients", call(from_cpu, plain("F", 3), known("torch." + word), text("cpu"), T))
        cases.add(f"from gradients to {word}", call(from_cpu, plain("F", 3, grad=T), known("torch." + word), text("cpu"), F))
    cases.add_all("from the CPU to", {tag: call(from_cpu, plain("F", 3), FLOAT32, text(tag), F) for tag in ("cuda:0", "meta", "xla:0", "foo")})


def quantized(cases):
    def tensor(quantizer, kind="QInt8", shape=numbers([3]), strides=numbers([1]), grad=F):
        count = 64 if kind == "QInt32" else 256
        return call(known("torch._utils._rebuild_qtensor"), storage("Q", count, kind + "Storage"), number(0), shape, strides, quantizer, grad, HOOKS)

    affine, channel, floats = (known("torch." + word) for word in ("per_tensor_affine", "per_channel_affine", "per_channel_affine_float_qparams"))
    right, ones, zeros = group(affine, real(1.0), number(0)), plain("D", 3), plain("L", 3)
    for about, value in ANY.items():
        cases.add(f"scale {about}", tensor(group(affine, value, number(0))))
        cases.add(f"zero point {about}", tensor(group(affine, real(1.0), value)))
        cases.add(f"quantizer {about}", tensor(value))
        cases.add(f"scheme {about}", tensor(group(value, real(1.0), number(0))))
        cases.add(f"quantized size {about}", tensor(right, shape=value))
        cases.add(f"quantized strides {about}", tensor(right, strides=value))
        cases.add(f"quantized requires_grad {about}", tensor(right, grad=value))
        cases.add(f"scales {about}", tensor(group(channel, value, zeros, number(0)), shape=numbers([3, 2]), strides=numbers([2, 1])))
        cases.add(f"zero points {about}", tensor(group(channel, ones, value, number(0)), shape=numbers([3, 2]), strides=numbers([2, 1])))
        cases.add(f"axis {about}", tensor(group(channel, ones, zeros, value), shape=numbers([3, 2]), strides=numbers([2, 1])))
        cases.add(f"scales in a list {about}", tensor(group(channel, listed(value, value, value), integers(0, 0, 0), number(0)), shape=numbers([3, 2]), strides=numbers([2, 1])))
        cases.add(f"zero points in a list {about}", tensor(group(channel, listed(*[real(1.0)] * 3), listed(value, value, value), number(0)), shape=numbers([3, 2]), strides=numbers([2, 1])))
    for kind in ("QInt8", "QUInt8", "QInt32", "QUInt4x2", "QUInt2x4"):
        cases.add_all(kind, {str(count): tensor(right, kind, numbers([count])) for count in (64, 65, 256, 257, 512, 513, 1024, 1025)})
        cases.add(f"{kind} by channel", tensor(group(channel, ones, zeros, number(0)), kind, numbers([3, 2]), numbers([2, 1])))
    by_channel = {
        "float scales": (channel, plain("F", 3), zeros), "float zero points": (channel, ones, plain("F", 3)), "short": (channel, ones, plain("L", 2)), "int scales": (channel, zeros, zeros),
        "complex scales": (channel, plain("C", 3), zeros), "two dimensions": (channel, plain("D", 3, 1), zeros), "quantized": (channel, ones, plain("Q", 3)),
        "floats": (floats, plain("F", 3), plain("F", 3)), "lists": (channel, listed(*[real(1.0)] * 3), integers(0, 0, 0)), "nan": (channel, listed(*[real(1.0)] * 3), listed(*[real(float("nan"))] * 3)),
        "1e300": (channel, listed(*[real(1.0)] * 3), listed(*[real(1e300)] * 3)), "float 1e300": (floats, listed(*[real(1.0)] * 3), listed(*[real(1e300)] * 3)), "mixed": (channel, listed(*[real(1.0)] * 3), zeros),
        "symmetric": (known("torch.per_channel_symmetric"), ones, zeros)}
    cases.add_all("by channel", {key: tensor(group(*parts, number(0)), shape=numbers([3, 2]), strides=numbers([2, 1])) for key, parts in by_channel.items()})
    cases.add("too much", tensor(right, shape=numbers([1 << 42]), strides=numbers([0])))


def references(cases):
    floats = known("torch.FloatStorage")
    right = [text("storage"), floats, text("0"), text("cpu"), number(4)]
    for place in range(5):
        for about, value in ANY.items():
            parts = list(right)
            parts[place] = value
            cases.add(f"persistent id, part {place}: {about}", group(*parts) + b"Q")
    cases.add_all("persistent id", {
        "of bytes": group(b"U\x07storage", *right[1:]) + b"Q", "short": group(*right[:4]) + b"Q", "long": group(*right, N) + b"Q", "list": listed(*right) + b"Q",
        "fewer elements": group(*right[:4], number(3)) + b"Q", "more elements": group(*right[:4], number(5)) + b"Q", "untyped": group(right[0], known("torch.storage.UntypedStorage"), *right[2:4], number(16)) + b"Q",
        "typed": group(right[0], known("torch.storage.TypedStorage"), *right[2:]) + b"Q", "of CUDA": group(right[0], known("torch.cuda.FloatStorage"), *right[2:]) + b"Q", "missing": group(*right[:2], text("9"), *right[3:]) + b"Q",
        "other dtype": group(FOUR, v2(storage("0", 2, "LongStorage"))), "of none": group(storage("e", 0), group(right[0], floats, text("e"), text("foo"), number(0)) + b"Q"),
        "tensor of none": v2(storage("e", 0), shape=numbers([0]), strides=numbers([1])), "tensor outside none": v2(storage("e", 0), shape=numbers([1]), strides=numbers([1]))})


def containers(cases):
    for about, others in {
            "byteorder big": {"byteorder": b"big"}, "byteorder with a line feed": {"byteorder": b"little\n"}, "byteorder other": {"byteorder": b"middle"},
            "format version": {"__format_version": b"1"}, "alignment": {"__storage_alignment": b"64"}, "constants": {"constants__pkl": b"\x80\x02)."}}.items():
        cases.add(about, v2(), **others)
    for about, version in {"version 11": b"11", "version 0": b"0", "version 10": b"10", "version 1": b"1", "no version": None}.items():
        file = f"{len(cases.made):04}.pth"
        records = {"a/data.pkl": b"\x80\x02" + v2() + b".", "a/data/0": bytes(16)} | ({} if version is None else {"a/version": version})
        cases.writer.archive(file, records)
        cases.made.append((os.path.join(cases.folder, file), {"about": about}))
    cases.add_all("instruction", {
        "LONG4": b"\x8b\x01\0\0\0\x01", "INT": b"I1\n", "POP": N + N + b"0", "DUP": N + b"2\x86", "BINBYTES": b"B\0\0\0\0", "SHORT_BINUNICODE": b"\x8c\x01a", "MEMOIZE": N + b"\x94", "FRAME": b"\x95\x01\0\0\0\0\0\0\0N",
        "FROZENSET": b"(\x91", "PROTO": b"\x80\x04N", "LONG1": b"\x8a\x09" + bytes(8) + b"\x01", "FLOAT": b"F1.0\n", "UNICODE": b"Va\n", "STRING": b"S'a'\n", "DICT": b"(d", "LIST": b"(l", "INST": b"(icollections\nOrderedDict\n",
        "OBJ": b"(ccollections\nOrderedDict\no", "PUT": N + b"p0\n", "GET": N + b"q\x00g0\n", "LONG_BINGET": N + b"r\x05\x00\x00\x00j\x05\x00\x00\x00\x86", "EXT1": b"\x82\x01", "STACK_GLOBAL": text("torch") + text("Size") + b"\x93"})


def legacy(cases):
    def place(key, count, kind="FloatStorage", view=N, location="cpu", word=text("storage")):
        return group(word, name("torch", kind), text(key), text(location), number(count), view) + b"Q"

    def file(pickle, keys=listed(text("0")), data=struct.pack("<q", 4) + bytes(16), system=DICT, version=b"M\xe9\x03"):
        parts = (b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19", version, system, pickle, keys)
        return b"".join(b"\x80\x02" + part + b"." for part in parts) + data

    right = v2(place("0", 4))
    for about, content in {
            "right": file(right), "outside": file(v2(place("0", 4), shape=numbers([3, 2]))), "fewer elements": file(right, data=struct.pack("<q", 3) + bytes(12)), "a view": file(v2(place("0", 4, view=group(text("v"), number(1), number(2))), shape=numbers([2]), strides=numbers([1]))),
            "outside a view": file(v2(place("0", 4, view=group(text("v"), number(1), number(2))), shape=numbers([3]), strides=numbers([1]))), "untyped": file(group(text("storage"), known("torch.storage.UntypedStorage"), text("0"), text("cpu"), number(16), N) + b"Q", data=struct.pack("<q", 16) + bytes(16)),
            "five parts": file(FOUR), "of bytes": file(v2(place("0", 4, word=b"U\x07storage"))), "a set of keys": file(right, keys=call(known("builtins.set"), listed(text("0")))), "a tuple of keys": file(right, keys=group(text("0"))), "bytes behind": file(right) + b"abc",
            "a class": file(group(text("module"), known("torch.nn.parameter.Parameter"), N, N) + b"Q"), "a name in the system": file(right, system=HOOKS), "a storage in the system": file(right, system=place("0", 4)), "UNICODE in the system": file(right, system=b"Va\n"),
            "UNICODE in the keys": file(right, keys=b"](V0\ne"), "INT as the version": file(right, version=b"I1001\n"), "on meta": file(v2(place("0", 4, location="meta"))), "on foo": file(v2(place("0", 4, location="foo"))), "on CUDA": file(v2(place("0", 4, location="cuda:0"))),
            "none": file(v2(place("0", 0), shape=numbers([0]), strides=numbers([1])), data=struct.pack("<q", 0)), "outside none": file(v2(place("0", 0), shape=numbers([2]), strides=numbers([1])), data=struct.pack("<q", 0)),
            "a key that is not listed": file(right, keys=LIST, data=b""), "a key that nothing names": file(right, keys=listed(text("0"), text("1")), data=(struct.pack("<q", 4) + bytes(16)) * 2)}.items():
        cases.add_bytes(f"legacy: {about}", content)
    for about, value in ANY.items():
        if about not in ("a storage", "a tensor", "a scalar tensor", "int64"):
            cases.add_bytes(f"legacy: part of {about}", file(place("0", 4, view=value)))


def write(folder):
    cases = Cases(folder)
    for section in (strided, python_classes, parameters, kinds, quantized, references, containers, legacy):
        section(cases)
    return cases.made
