"""What shows that check_written.py can fail: pairs of checkpoints that differ in one respect, and edits made right and
wrong."""
import collections
import os
import tempfile
import zipfile

import torch

import typed
from check_written import answer
from fixture_classes import Colour, Net, Plain, TaggedTensor
from saving import location_tags


def grid(rows=2, columns=3):
    return torch.arange(rows * columns, dtype=torch.float32).reshape(rows, columns)


def ordered(*pairs, **attributes):
    result = collections.OrderedDict(pairs)
    vars(result).update(attributes)
    return result


def shared(apart=False):
    base = grid()
    return {"base": base, "view": (base.clone() if apart else base).view(-1)}


def alias(kind, apart=False):
    """One object at two places, or two equal ones."""
    one, other = kind(), kind()
    return {"one": one, "other": other if apart else one}


def cycle(apart=False):
    value = [1]
    value.append([1, value] if apart else value)
    return value


def flipped(bit):
    tensor = grid()
    tensor.view(torch.uint8).view(-1)[-1] ^= bit
    return {"w": tensor}


def beside(value):
    """A view of a storage whose unseen last element is given."""
    return {"w": torch.tensor([1.0, 2.0, value])[:2]}


def quantized(**changes):
    options = {"scale": 0.5, "zero_point": 3, "dtype": torch.quint8, **changes}
    return {"q": torch.quantize_per_tensor(grid(), **options)}


def sparse(coalesced=True, values=(3.0, 4.0)):
    tensor = torch.sparse_coo_tensor(torch.tensor([[0, 1], [1, 0]]), torch.tensor(values), (2, 2))
    return {"s": tensor.coalesce() if coalesced else tensor}


def with_attribute(note):
    parameter = torch.nn.Parameter(grid())
    parameter.note = note
    return {"w": parameter}


def module(training=True):
    return Net().requires_grad_(False).train(training)


NAN, PAYLOAD = typed.number("7ff8000000000000"), typed.number("7ff8000000000001")

# name: (one, other), each a function; what is the same in both is not named again.
PAIRS = {
    "bool and int": (lambda: [True], lambda: [1]),
    "int and float": (lambda: [1], lambda: [1.0]),
    "int": (lambda: [2**70], lambda: [2**70 + 1]),
    "zeros": (lambda: [0.0], lambda: [-0.0]),
    "NaN payloads": (lambda: [NAN], lambda: [PAYLOAD]),
    "complex zeros": (lambda: [complex(0.0, 0.0)], lambda: [complex(0.0, -0.0)]),
    "None and False": (lambda: [None], lambda: [False]),
    "text": (lambda: ["é"], lambda: ["e\u0301"]),
    "text and bytes": (lambda: ["ab"], lambda: [b"ab"]),
    "bytes and bytearray": (lambda: [b"ab"], lambda: [bytearray(b"ab")]),
    "tuple and list": (lambda: {"a": (1, 2)}, lambda: {"a": [1, 2]}),
    "empty tuple and list": (lambda: [()], lambda: [[]]),
    "tuple and Size": (lambda: [(2, 3)], lambda: [torch.Size([2, 3])]),
    "dict and OrderedDict": (lambda: {"a": 1}, lambda: ordered(("a", 1))),
    "dict and Counter": (lambda: {"a": 1}, lambda: collections.Counter(a=1)),
    "default factory": (lambda: collections.defaultdict(list), lambda: collections.defaultdict(dict)),
    "deque length": (lambda: collections.deque([1], 2), lambda: collections.deque([1], 3)),
    "set and frozenset": (lambda: [{1}], lambda: [frozenset([1])]),
    "set items": (lambda: [{1, 2}], lambda: [{1, 3}]),
    "set item types": (lambda: [{1, 2}], lambda: [{True, 2}]),
    "count": (lambda: [1, 2], lambda: [1, 2, 3]),
    "dict order": (lambda: {"a": 1, "b": 2}, lambda: {"b": 2, "a": 1}),
    "key type": (lambda: {0: 1}, lambda: {"0": 1}),
    "bool key": (lambda: {1: 1}, lambda: {True: 1}),
    "tuple key": (lambda: {(1, 2): 1}, lambda: {(1, True): 1}),
    "extra key": (lambda: {"a": 1}, lambda: {"a": 1, "b": 2}),
    "_metadata missing": (lambda: ordered(("a", 1), _metadata={"": 1}), lambda: ordered(("a", 1))),
    "_metadata value": (lambda: ordered(("a", 1), _metadata={"": 1}), lambda: ordered(("a", 1), _metadata={"": 2})),
    "_metadata type": (lambda: ordered(("a", 1), _metadata=ordered()), lambda: ordered(("a", 1), _metadata={})),
    "list alias": (lambda: alias(lambda: [1]), lambda: alias(lambda: [1], True)),
    "dict alias": (lambda: alias(dict), lambda: alias(dict, True)),
    "tuple alias": (lambda: alias(lambda: ([],)), lambda: alias(lambda: ([],), True)),
    "set alias": (lambda: alias(set), lambda: alias(set, True)),
    "bytearray alias": (lambda: alias(lambda: bytearray(b"ab")), lambda: alias(lambda: bytearray(b"ab"), True)),
    "tensor alias": (lambda: (lambda t: [t, t])(grid()), lambda: (lambda t: [t, t.view(2, 3)])(grid())),
    "cycle": (cycle, lambda: cycle(True)),
    "sharing": (shared, lambda: shared(True)),
    "storage size": (lambda: {"w": grid()}, lambda: {"w": torch.arange(7.0)[:6].view(2, 3)}),
    "unseen bytes": (lambda: beside(3.0), lambda: beside(4.0)),
    "dtype": (lambda: {"w": torch.zeros(2, dtype=torch.int32)}, lambda: {"w": torch.zeros(2, dtype=torch.float32)}),
    "dtype alone": (lambda: {"w": torch.zeros(2).to(torch.float8_e5m2)}, lambda: {"w": torch.zeros(2).to(torch.float8_e4m3fn)}),
    "shape": (lambda: {"w": grid()}, lambda: {"w": grid().view(3, 2)}),
    "scalar": (lambda: {"w": torch.ones(())}, lambda: {"w": torch.ones(1)}),
    "stride": (lambda: {"w": torch.zeros(2, 2)}, lambda: {"w": torch.zeros(2, 2).t()}),
    "stride of one": (lambda: {"w": torch.zeros(1, 2)}, lambda: {"w": torch.zeros(2, 1).t()}),
    "offset": (lambda: {"w": torch.zeros(3)[:2]}, lambda: {"w": torch.zeros(3)[1:]}),
    "one bit": (lambda: flipped(0), lambda: flipped(1)),
    "sign of zero in a tensor": (lambda: {"w": torch.tensor([0.0])}, lambda: {"w": torch.tensor([-0.0])}),
    "requires_grad": (lambda: {"w": grid()}, lambda: {"w": grid().requires_grad_()}),
    "Parameter": (lambda: {"w": grid().requires_grad_()}, lambda: {"w": torch.nn.Parameter(grid())}),
    "Parameter's requires_grad": (lambda: {"w": torch.nn.Parameter(grid())}, lambda: {"w": torch.nn.Parameter(grid(), requires_grad=False)}),
    "tensor attribute": (lambda: with_attribute("a"), lambda: with_attribute("b")),
    "tensor class": (lambda: {"w": grid()}, lambda: {"w": grid().as_subclass(TaggedTensor)}),
    "conjugate view": (lambda: {"c": torch.tensor([1 + 2j])}, lambda: {"c": torch.tensor([1 + 2j]).conj()}),
    "scale": (quantized, lambda: quantized(scale=0.25)),
    "zero point": (quantized, lambda: quantized(zero_point=4)),
    "quantized dtype": (quantized, lambda: quantized(dtype=torch.qint8)),
    "layout": (lambda: {"s": torch.eye(2)}, lambda: {"s": torch.eye(2).to_sparse()}),
    "compressed layout": (lambda: {"s": torch.eye(2).to_sparse_csr()}, lambda: {"s": torch.eye(2).to_sparse_csc()}),
    "coalesced": (sparse, lambda: sparse(False)),
    "sparse values": (sparse, lambda: sparse(values=(3.0, 5.0))),
    "meta": (lambda: {"m": torch.empty(2, device="meta")}, lambda: {"m": torch.empty(3, device="meta")}),
    "dtype value": (lambda: [torch.float32], lambda: [torch.float64]),
    "device value": (lambda: [torch.device("cpu")], lambda: [torch.device("cuda:0")]),
    "bare storage": (lambda: [torch.arange(3).storage()], lambda: [torch.arange(1, 4).storage()]),
    "bare storage's sharing": (lambda: (lambda t: [t, t.storage()])(grid()), lambda: [grid(), grid().storage()]),
    "enum": (lambda: [Colour.RED], lambda: [Colour.GREEN]),
    "class": (lambda: [Plain], lambda: [Net]),
    "object state": (lambda: Plain(a=1), lambda: Plain(a=True)),
    "object alias": (lambda: alias(Plain), lambda: alias(Plain, True)),
    "module": (module, lambda: module(False)),
    "deep": (lambda: deep(1), lambda: deep(2)),
}


def deep(bottom):
    for _ in range(2000):
        bottom = [bottom]
    return bottom


def used_parts(split=False):
    """The parts of `gappy` without what nobody looks at."""
    flat, other = torch.tensor([2.0, 3.0, 4.0] if split else [2.0, 3.0, 4.0, 7.0, 8.0]), torch.tensor([7.0, 8.0])
    return {"a": flat[:3], "b": other if split else flat[3:], "again": flat[1:3]}


def gappy():
    base = torch.arange(10.0)
    return {"a": base[2:5], "b": base[7:9], "again": base[3:5]}


def torn():
    """As `used_parts`, but elements that were one are two."""
    return {**used_parts(), "again": torch.tensor([3.0, 4.0])}


def torn_inside():
    flat = torch.cat([used_parts()["a"], used_parts()["b"], torch.tensor([3.0, 4.0])])
    return {"a": flat[:3], "b": flat[3:5], "again": flat[5:]}


def state():
    return {"model": ordered(("w", grid()), ("b", torch.ones(2)), _metadata={"": 1}), "epoch": 3, "pair": (1, [2]), "tied": grid().t()}


def changed(change):
    """A maker of `state` after a change in Python."""
    def make():
        value = state()
        return change(value) or value
    return make


def tied():
    base = grid()
    return {"w": base, "again": base.view(3, 2), "n": torch.arange(2), "p": torch.nn.Parameter(base.view(6))}


def cast(apart=False):
    base = grid().to(torch.float16)
    return {"w": base, "again": (base.clone() if apart else base).view(3, 2), "n": torch.arange(2), "p": torch.nn.Parameter(base.view(6))}


def renamed(value):
    value["model"] = ordered(("weight", value["model"]["w"]), ("b", value["model"]["b"]), **vars(value["model"]))


NEW = torch.tensor([1.5, float("nan"), -0.0]).to(torch.bfloat16)

# name: (original, edits, what is right, what is wrong)
EDITS = {
    "set": (state, [{"op": "set", "path": ["epoch"], "value": {"int": "4"}}], changed(lambda v: v.update(epoch=4)), changed(lambda v: v.update(epoch=True))),
    "set nested": (state, [{"op": "set", "path": ["pair", 1, 0], "value": {"dict": [[{"str": "k"}, {"float": typed.bits(-0.0)}]]}}],
                   changed(lambda v: v.update(pair=(1, [{"k": -0.0}]))), changed(lambda v: v.update(pair=(1, [{"k": 0.0}])))),
    "set in a tuple": (state, [{"op": "set", "path": ["pair", 0], "value": {"none": None}}], changed(lambda v: v.update(pair=(None, [2]))), state),
    "set an attribute": (state, [{"op": "set", "path": ["model", {"attribute": "_metadata"}], "value": {"odict": []}}],
                         changed(lambda v: setattr(v["model"], "_metadata", ordered())), changed(lambda v: setattr(v["model"], "_metadata", {}))),
    "remove": (state, [{"op": "remove", "path": ["model", "b"]}], changed(lambda v: v["model"].__delitem__("b")), state),
    "rename": (state, [{"op": "rename", "path": ["model", "w"], "key": "weight"}], changed(renamed),
               changed(lambda v: v["model"].update(weight=v["model"].pop("w")))),
    "tensor": (state, [{"op": "tensor", "path": ["model", "b"], "dtype": "bfloat16", "shape": [3], "elements": [1.5, "nan", "-0.0"]}],
               changed(lambda v: v["model"].update(b=NEW)), changed(lambda v: v["model"].update(b=NEW.abs()))),
    "tensor in place": (tied, [{"op": "tensor", "path": ["w"], "dtype": "float32", "shape": [2, 3], "elements": [9, 9, 9, 9, 9, 9], "inPlace": True}],
                        lambda: (lambda v: [v["w"].fill_(9.0), v][1])(tied()), lambda: {**tied(), "w": torch.full((2, 3), 9.0)}),
    "cast": (tied, [{"op": "cast", "dtype": "float16"}], cast, lambda: cast(True)),
    "sub": (state, [{"op": "sub", "path": ["model"]}], lambda: state()["model"], lambda: ordered(*state()["model"].items())),
    "compact": (gappy, [{"op": "compact"}], used_parts, torn),
    "compact, sharing": (gappy, [{"op": "compact"}], used_parts, lambda: used_parts(True)),
    "compact, split": (gappy, [{"op": "compact", "split": True, "size": "used"}], lambda: used_parts(True), torn),
    "compact, elements": (gappy, [{"op": "compact", "split": True}], used_parts, torn_inside),
    "compact, size": (gappy, [{"op": "compact", "size": "intervals"}], used_parts, gappy),
    "two edits": (state, [{"op": "sub", "path": ["pair"]}, {"op": "set", "path": [1, 1], "value": {"bool": True}}], lambda: (1, [2, True]), lambda: (1, [2, 1])),
}


class Trial:
    """A folder of checkpoints, and what went otherwise than it should."""

    def __init__(self, folder):
        self.folder, self.count, self.wrong = folder, 0, []

    def save(self, make):
        self.count += 1
        path = os.path.join(self.folder, f"{self.count}.pth")
        torch.manual_seed(0)
        torch.save(make(), path)
        return path

    def expect(self, name, good, task):
        """One task's answer."""
        result = answer({**task, "weightsOnly": False})
        if result["ok"] != good:
            self.wrong.append(f"{name}: {result.get('why', 'no difference found')}")
        elif not good and ("Error" in result["why"] or os.environ.get("VERBOSE")):
            self.wrong += [f"{name}: {result['why']}"] if "Error" in result["why"] else []
            print(f"{name}: {result['why']}")

    def pair(self, name, one, other):
        paths = [self.save(one), self.save(one), self.save(other)]
        self.expect(name, True, {"same": paths[:2]})
        self.expect(name, False, {"same": paths[1:]})
        self.expect(name + ", the other way", False, {"same": paths[:0:-1]})

    def edit(self, name, original, edits, right, wrong):
        path = self.save(original)
        self.expect(f"{name}, right", True, {"original": path, "edits": edits, "written": self.save(right)})
        self.expect(f"{name}, wrong", False, {"original": path, "edits": edits, "written": self.save(wrong)})

    def devices(self):
        plain = self.save(tied)
        with location_tags(lambda n: f"cuda:{0}"):
            cuda = self.save(tied)
        with location_tags(lambda n: ["cpu", f"cuda:{0}"][n == 3]):
            mixed = self.save(lambda: {str(i): torch.zeros(1) for i in range(4)})
        edit = {"op": "device", "device": "cuda:0"}
        self.expect("device", False, {"same": [plain, cuda]})
        self.expect("device of one", False, {"same": [self.save(lambda: {str(i): torch.zeros(1) for i in range(4)}), mixed]})
        self.expect("device, right", True, {"original": plain, "written": cuda, "edits": [edit]})
        self.expect("device, wrong", False, {"original": plain, "written": plain, "edits": [edit]})

    def records(self):
        one, other = self.save(lambda: {"w": grid()}), self.save(lambda: {"w": grid() + 1})
        data = ["data/0", ".data/serialization_id"]
        self.expect("records", True, {"records": [one, other, data]})
        self.expect("records", False, {"records": [one, other, data[1:]]})
        self.expect("missing record", False, {"records": [one, self.repacked(one, lambda names: names[1:]), data]})
        self.expect("order of records", False, {"records": [one, self.repacked(one, lambda names: names[::-1]), data]})

    def repacked(self, path, choose):
        result = path + ".repacked"
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(result, "w") as target:
            for name in choose(source.namelist()):
                target.writestr(name, source.read(name))
        return result


def run():
    """The exit status, after a line for everything that was found wrongly or not found."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(folder)
        for name, (one, other) in PAIRS.items():
            trial.pair(name, one, other)
        for name, row in EDITS.items():
            trial.edit(name, *row)
        trial.devices()
        trial.records()
    print("\n".join(trial.wrong) if trial.wrong else f"{len(PAIRS)} pairs and {len(EDITS)} edits are told apart")
    return 1 if trial.wrong else 0
