"""Writes programs of torch.jit and torch.export, and beside each what torch reads from it.

    python torchscript_cases.py FOLDER

FOLDER gets cases.json: rows of a file, the file's state dict as a checkpoint that torch.save wrote
(`expected`), and perhaps the constants as another. Files of model.json, which torch 2.13 no longer
reads, are written from modules whose state dict is known. `broken` has the names of files that no
reader may take.
"""

import io
import json
import logging
import os
import sys
import warnings
import zipfile

import torch
from torch import nn

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)


class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(2, 3))
        self.register_buffer("count", torch.tensor(3))
        self.register_buffer("passing", torch.tensor([1.0, 2.0]), persistent=False)
        self.plain = torch.ones(2)
        self.register_parameter("missing", None)
        self.register_buffer("absent", None)
        self.integers = [1, 2, 3]
        self.floats = [1.0, 2.0]
        self.flags = [True, False]
        self.tensors = [torch.ones(1), torch.zeros(1)]
        self.table = torch.jit.annotate(dict[str, int], {"a": 1})
        self.texts = ["a", "b"]
        self.frozen = nn.Parameter(torch.ones(2, dtype=torch.float16), requires_grad=False)

    def forward(self, x):
        y = x @ self.weight.t() + self.plain + self.integers[0] + self.floats[0] + self.tensors[0]
        return y + self.passing + torch.tensor([5.0, 6.0]) + self.table["a"] + self.frozen


class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Part()
        self.second = Part()
        self.body = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Linear(3, 3, bias=False))
        self.tied = self.first
        self.tied_weight = self.second.weight
        self.view = nn.Parameter(torch.arange(12.0).reshape(3, 4).t()[1:])
        self.parameters_ = nn.ParameterList([nn.Parameter(torch.ones(2)) for _ in range(11)])
        self.modules_ = nn.ModuleDict({"b": nn.Linear(3, 3), "a": nn.Linear(3, 3)})

    def forward(self, x):
        y = self.body(x)
        for _, module in self.modules_.items():
            y = module(y)
        return self.first(y) + self.second(y) + self.tied(y)


class Dtypes(nn.Module):
    def __init__(self):
        super().__init__()
        names = "float64 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128"
        for name in names.split():
            self.register_buffer(f"of_{name}", torch.arange(4).to(getattr(torch, name)))

    def forward(self, x):
        return x


class Interfaced(nn.Module):
    """A submodule that the code knows by an interface only."""

    def __init__(self):
        super().__init__()
        self.part: OneInterface = nn.Linear(2, 2)
        self.tail = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.tail(self.part.forward(x))


@torch.jit.interface
class OneInterface(nn.Module):
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        pass


class OptionalBuffer(nn.Module):
    first: torch.Tensor | None
    second: torch.Tensor

    def __init__(self):
        super().__init__()
        self.register_buffer("first", torch.ones(2))
        self.register_buffer("second", torch.zeros(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.first
        if first is not None:
            x = x + first
        return x + self.second[0]


class Quantized(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = torch.ao.quantization.QuantStub()
        self.conv = nn.Conv2d(1, 1, 2)
        self.linear = nn.Linear(4, 3)
        self.dequant = torch.ao.quantization.DeQuantStub()

    def forward(self, x):
        return self.dequant(self.linear(self.conv(self.quant(x)).flatten(1)))


def quantized():
    torch.backends.quantized.engine = "fbgemm"
    model = Quantized().eval()
    model.qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
    prepared = torch.ao.quantization.prepare(model)
    prepared(torch.randn(1, 1, 3, 3))
    return torch.ao.quantization.convert(prepared)


class Cases:
    def __init__(self, folder):
        self.folder = folder
        self.rows = []
        self.broken = []

    def path(self, name):
        return os.path.join(self.folder, name)

    def add(self, name, state_dict, constants=None, kind="script", **others):
        row = {"file": name, "kind": kind, "expected": f"{name}.expected.pth", **others}
        torch.save(state_dict, self.path(row["expected"]))
        if constants is not None:
            row["constants"] = f"{name}.constants.pth"
            torch.save(constants, self.path(row["constants"]))
        self.rows.append(row)

    def script(self, name, module, save=None, **others):
        if save:
            save(module, self.path(name))
        else:
            torch.jit.save(module, self.path(name))
        loaded = torch.jit.load(self.path(name), map_location="cpu")
        parts = {part: module for part, module in loaded.named_modules() if part}
        self.add(name, loaded.state_dict(), submodules=list(parts), **others)
        for part, module in parts.items():
            torch.save(module.state_dict(), self.path(f"{name}.{part}.pth"))

    def export(self, name):
        program = torch.export.load(self.path(name))
        self.add(name, dict(program.state_dict), constants=dict(program.constants), kind="export")

    def rewrite(self, source, name, changes, root=None):
        """A copy of an archive in which some records are others; None leaves a record out."""
        old = zipfile.ZipFile(self.path(source))
        first = old.namelist()[0].split("/")[0]
        with zipfile.ZipFile(self.path(name), "w") as new:
            records = {info.filename[len(first) + 1 :]: old.read(info) for info in old.infolist()}
            for record, contents in {**records, **changes}.items():
                if contents is not None:
                    new.writestr(f"{first}/{record}", contents)

    def save(self):
        with open(self.path("cases.json"), "w") as file:
            json.dump({"cases": self.rows, "broken": self.broken}, file)


def scripts(cases):
    torch.manual_seed(0)
    nested = torch.jit.script(Nested().eval())
    cases.script("nested.pt", nested)
    cases.script("training.pt", torch.jit.script(Nested().train()))
    cases.script("traced.pt", torch.jit.trace(Nested().eval(), torch.ones(2, 3)))
    cases.script("dtypes.pt", torch.jit.script(Dtypes()))
    cases.script("interface.pt", torch.jit.script(Interfaced()))
    cases.script("optional.pt", torch.jit.script(OptionalBuffer()))
    cases.script("quantized.pt", torch.jit.script(quantized()))
    dynamic = torch.ao.quantization.quantize_dynamic(
        nn.Sequential(nn.Linear(4, 4), nn.LSTM(4, 4)), {nn.Linear, nn.LSTM}
    )
    cases.script("dynamic.pt", torch.jit.script(dynamic))
    cases.script("lite.ptl", nested, lambda m, path: m._save_for_lite_interpreter(path))
    cases.script("lstm.pt", torch.jit.script(nn.LSTM(2, 3, num_layers=2, bidirectional=True)))
    transformer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    cases.script("transformer.pt", torch.jit.script(transformer))
    cases.script(
        "extra.pt",
        torch.jit.script(nn.Linear(2, 2)),
        lambda m, path: torch.jit.save(m, path, _extra_files={"notes.txt": "hello"}),
        extra={"notes.txt": "hello"},
    )
    body = nn.Sequential(*[nn.Linear(3, 3) for _ in range(4)]).eval()
    cases.script("frozen.pt", torch.jit.freeze(torch.jit.script(body)))
    consts = read_constants(cases.path("frozen.pt"))
    torch.save(consts, cases.path("frozen.pt.constants.pth"))
    cases.rows[-1]["constants"] = "frozen.pt.constants.pth"


def read_constants(path):
    """The constants of a TorchScript archive, as an archive of torch.save has them."""
    with zipfile.ZipFile(path) as old:
        root = old.namelist()[0].split("/")[0]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as new:
            new.writestr("archive/data.pkl", old.read(f"{root}/constants.pkl"))
            new.writestr("archive/version", "3\n")
            new.writestr("archive/byteorder", "little")
            for name in old.namelist():
                if name.startswith(f"{root}/constants/"):
                    new.writestr("archive/data/" + name.split("/")[-1], old.read(name))
    buffer.seek(0)
    return torch.load(buffer, weights_only=False)


class Ordered(nn.Module):
    def __init__(self):
        super().__init__()
        tied = nn.Parameter(torch.ones(2))
        parts = {"z": tied, "dtype": tied, "größe": torch.zeros(2), "config": torch.ones(1)}
        for name in ["weight", "path_name", *"badc"]:
            parts[name] = tied if name in "ba" else torch.full((2,), float(len(parts)))
        for name, tensor in parts.items():
            self.register_parameter(name, tensor if tensor is tied else nn.Parameter(tensor))

    def forward(self, x):
        return x + sum(parameter.sum() for parameter in self.parameters())


def exports(cases):
    class Exported(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(3, 2)
            self.norm = nn.BatchNorm1d(2)
            self.weight = self.layer.weight
            self.register_buffer("passing", torch.ones(2), persistent=False)
            self.constant = torch.tensor([1.0, 2.0])
            self.halves = nn.Parameter(torch.ones(2, dtype=torch.float16), requires_grad=False)
            self.register_buffer("strided", torch.arange(6.0).reshape(2, 3).t()[1:])
            self.register_buffer("empty", torch.zeros(0, 3))
            self.register_buffer("scalar", torch.tensor(3))
            self.register_buffer("flag", torch.tensor([True, False]))
            self.register_buffer("brain", torch.ones(3, dtype=torch.bfloat16))

        def forward(self, x):
            y = self.norm(self.layer(x)) + self.passing + self.constant + self.halves
            return y + self.weight.sum() + self.strided.sum() + self.empty.sum() + self.scalar

    program = torch.export.export(Exported().eval(), (torch.ones(4, 3),))
    torch.export.save(program, cases.path("export.pt2"))
    cases.export("export.pt2")

    # As a tensor subclass would be saved: by torch.save.
    config_name = "data/weights/model_weights_config.json"
    with zipfile.ZipFile(cases.path("export.pt2")) as archive:
        config = json.loads(archive.read(f"export/{config_name}"))
    config["config"]["layer.bias"].update(use_pickle=True, path_name="weight_99")
    buffer = io.BytesIO()
    torch.save(program.state_dict["layer.bias"], buffer)
    changes = {config_name: json.dumps(config), "data/weights/weight_99": buffer.getvalue()}
    cases.rewrite("export.pt2", "pickled.pt2", changes)
    cases.export("pickled.pt2")

    # An order that is none of names or numbers, and names that JSON escapes or that fields have.
    ordered = Ordered()
    torch.export.save(torch.export.export(ordered, (torch.ones(2),)), cases.path("order.pt2"))
    cases.add("order.pt2", dict(torch.export.load(cases.path("order.pt2")).state_dict), kind="order")

    from torch._export.serde.serialize import serialize

    artifact = serialize(program)
    with zipfile.ZipFile(cases.path("old.pt2"), "w") as archive:
        archive.writestr("version", "8.8")
        archive.writestr("serialized_exported_program.json", artifact.exported_program)
        archive.writestr("serialized_state_dict.pt", artifact.state_dict)
        archive.writestr("serialized_constants.pt", artifact.constants)
        archive.writestr("serialized_example_inputs.pt", artifact.example_inputs)
    cases.export("old.pt2")
    broken_exports(cases, config)


def broken_exports(cases, config):
    name = "data/weights/model_weights_config.json"

    def broken(file, text):
        cases.rewrite("export.pt2", file, {name: text})
        cases.broken.append(file)

    def meta(**changes):
        copy = json.loads(json.dumps(config))
        weight = copy["config"]["halves"]
        for key, value in changes.items():
            (weight["tensor_meta"] if key in weight["tensor_meta"] else weight)[key] = value
        return json.dumps(copy)

    broken("export_no_json.pt2", "{")
    broken("export_list.pt2", "[]")
    broken("export_deep.pt2", "[" * 100_000)
    broken("export_outside.pt2", meta(storage_offset={"as_int": 1}))
    broken("export_negative.pt2", meta(storage_offset={"as_int": -1}))
    huge = {"as_int": 2**62}
    broken("export_huge.pt2", meta(sizes=[huge, huge], strides=[huge, huge]))
    broken("export_rank.pt2", meta(sizes=[]))
    broken("export_dtype.pt2", meta(dtype=99))
    broken("export_layout.pt2", meta(layout=1))
    broken("export_missing.pt2", meta(path_name="weight_1000"))
    broken("export_not_pickle.pt2", meta(use_pickle=True))
    broken("export_fraction.pt2", meta(storage_offset={"as_int": 0.5}))
    cases.rewrite("export.pt2", "export_no_model.pt2", {"models/model.json": None})
    cases.broken.append("export_no_model.pt2")


CAFFE2 = {
    torch.float32: "FLOAT", torch.int32: "INT32", torch.bool: "BOOL", torch.uint8: "UINT8",
    torch.int8: "INT8", torch.int16: "INT16", torch.int64: "INT64", torch.float16: "FLOAT16",
    torch.float64: "DOUBLE",
}  # fmt: skip


class ModelJSON:
    """Writes a module as torch.jit.save did in 2019."""

    def __init__(self, module, name, version="3"):
        self.records = {}
        self.tensors = []
        self.numbers = {}
        self.keys = {}
        self.model = {
            "protoVersion": version,
            "mainModule": self.module(module, name),
            "producerName": "pytorch",
            "producerVersion": "1.0",
            "tensors": self.tensors,
        }

    def module(self, module, name):
        parameters = [
            {"isBuffer": is_buffer, "tensorId": str(self.tensor(tensor)), "name": key}
            for is_buffer, entries in [(False, module._parameters), (True, module._buffers)]
            for key, tensor in entries.items()
        ]
        parts = [self.module(part, key) for key, part in module._modules.items()]
        result = {"name": name, "optimize": True}
        if parameters:
            result["parameters"] = parameters
        if parts:
            result["submodules"] = parts
        return result

    def tensor(self, tensor):
        if id(tensor) in self.numbers:
            return self.numbers[id(tensor)]
        storage = tensor.untyped_storage()
        key = self.keys.setdefault(storage.data_ptr(), f"tensors/{len(self.keys)}")
        self.records[key] = bytes(storage.tolist())
        self.tensors.append(
            {
                "dims": [str(size) for size in tensor.shape],
                "offset": str(tensor.storage_offset()),
                "strides": [str(stride) for stride in tensor.stride()],
                "requiresGrad": tensor.requires_grad,
                "dataType": CAFFE2[tensor.dtype],
                "data": {"key": key},
                "device": "cpu",
            }
        )
        self.numbers[id(tensor)] = len(self.tensors) - 1
        return len(self.tensors) - 1

    def write(self, path, attributes=None, model=None):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("old/version", "1\n")
            for key, contents in self.records.items():
                archive.writestr(f"old/{key}", contents)
            if attributes is not None:
                archive.writestr("old/attributes.pkl", attributes)
            archive.writestr("old/code/old.py", "op_version_set = 0\n", zipfile.ZIP_DEFLATED)
            text = json.dumps(self.model) if model is None else model
            archive.writestr("old/model.json", text)


class Old(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 2)
        self.body = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
        self.register_buffer("steps", torch.tensor(7))
        self.weight = self.first.weight
        self.view = nn.Parameter(torch.arange(12.0).reshape(3, 4).t()[1:])
        names = "float16 float64 int8 int16 int32 uint8 bool"
        for name in names.split():
            self.register_buffer(f"of_{name}", torch.arange(4).to(getattr(torch, name)))


# ([1, 2, 3] as build_intlist, build_tensor_from_id(0), 2.5)
ATTRIBUTES = (
    b"\x80\x02(ctorch.jit._pickle\nbuild_intlist\n(](K\x01K\x02K\x03etR"
    b"ctorch.jit._pickle\nbuild_tensor_from_id\n(K\x00tRG@\x04\x00\x00\x00\x00\x00\x00t."
)


def old_scripts(cases):
    module = Old()
    writer = ModelJSON(module, "Old")
    writer.write(cases.path("old.pt"))
    cases.add("old.pt", module.state_dict(), kind="old", producer="pytorch 1.0")

    writer.model["mainModule"]["attributes"] = [
        {"type": "List[int]", "name": "integers", "id": "0"},
        {"type": "Tensor", "name": "tensor", "id": "1"},
        {"type": "float", "name": "number", "id": "2"},
        {"type": "Tensor", "name": "steps", "id": "-1"},
        {"type": "Optional[int]", "name": "nothing", "id": "-1"},
    ]
    writer.write(cases.path("old_attributes.pt"), ATTRIBUTES)
    cases.add("old_attributes.pt", module.state_dict(), kind="old", attributes=True)
    broken_old_scripts(cases, module)


def broken_old_scripts(cases, module):
    def broken(file, change=None, model=None, attributes=None):
        writer = ModelJSON(module, "Old")
        if change:
            change(writer.model)
        writer.write(cases.path(file), attributes, model)
        cases.broken.append(file)

    def tensor(**changes):
        return lambda model: model["tensors"][0].update(changes)

    def parameter(**changes):
        return lambda model: model["mainModule"]["parameters"][0].update(changes)

    def attribute(**changes):
        row = {"type": "int", "name": "a", "id": "0", **changes}
        return lambda model: model["mainModule"].update(attributes=[row])

    broken("old_no_json.pt", model="{]")
    broken("old_behind.pt", model='{"mainModule":{}} 1')
    broken("old_deep.pt", model='{"mainModule":' + '{"submodules":[' * 100_000)
    broken("old_surrogate.pt", model='{"mainModule":{"name":"\\ud800"}}')
    broken("old_no_module.pt", model="{}")
    broken("old_number.pt", lambda model: model.update(mainModule=3))
    broken("old_new.pt", lambda model: model.update(protoVersion="6"))
    broken("old_outside.pt", tensor(offset="1"))
    broken("old_overflow.pt", tensor(offset=str(2**63 - 1)))
    broken("old_number_range.pt", tensor(offset=str(2**63)))
    broken("old_negative.pt", tensor(strides=["-1", "1"]))
    broken("old_rank.pt", tensor(strides=["1"]))
    broken("old_type.pt", tensor(dataType="STRING"))
    broken("old_record.pt", tensor(data={"key": "tensors/99"}))
    shared = {"data": {"key": "tensors/0"}, "dims": ["1"], "strides": ["1"], "offset": "0"}
    broken(
        "old_device.pt",
        lambda model: (
            model["tensors"][0].update(device="cuda:0"),
            model["tensors"][1].update(shared),
        ),
    )
    broken("old_no_device.pt", tensor(device=None))
    broken("old_quantized.pt", tensor(isQuantized=True))
    broken("old_tensor_id.pt", parameter(tensorId="99"))
    broken("old_tensor_id_negative.pt", parameter(tensorId="-1"))
    broken("old_names.pt", parameter(name="steps"))
    broken("old_attribute.pt", attribute(id="99"), attributes=b"\x80\x02)." )
    broken("old_attribute_list.pt", attribute(), attributes=b"\x80\x02K\x01.")
    tensor_99 = b"\x80\x02(ctorch.jit._pickle\nbuild_tensor_from_id\n(KctRt."
    broken("old_attribute_tensor.pt", attribute(), attributes=tensor_99)
    broken("old_attribute_storage.pt", attribute(), attributes=b"\x80\x02(K\x01Qt.")


def broken_scripts(cases):
    def broken(file, changes):
        cases.rewrite("frozen.pt", file, changes)
        cases.broken.append(file)

    broken("constants_no_pickle.pt", {"constants.pkl": b"x"})
    broken("constants_missing.pt", {"constants/0": None})
    broken("constants_short.pt", {"constants/0": b"123"})
    broken("constants_id.pt", {"constants.pkl": b"\x80\x02(K\x01Qt."})


def main():
    cases = Cases(sys.argv[1])
    scripts(cases)
    exports(cases)
    old_scripts(cases)
    broken_scripts(cases)
    cases.save()


if __name__ == "__main__":
    main()
