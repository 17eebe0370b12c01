"""What is compared, with whom, and how much of the other's time ours may take."""
import dataclasses
import os
import sys

from contenders import Command, Worker

HERE = os.path.dirname(os.path.abspath(__file__))
SMALL_CHECKPOINT = os.path.join(HERE, "../files/torch-2.13.0/training_checkpoint_adam.pth")
TO_SAFETENSORS = """import os, sys, torch
from safetensors.torch import save_file
save_file(torch.load(sys.argv[1], weights_only=True{options}), sys.argv[2])
os.fsync(os.open(sys.argv[2], os.O_RDONLY))"""
FROM_SAFETENSORS = """import os, sys, torch
from safetensors.torch import load_file
torch.save(load_file(sys.argv[1]), sys.argv[2])
os.fsync(os.open(sys.argv[2], os.O_RDONLY))"""
INSPECTING = "import sys, torch; print(torch.load(sys.argv[1], weights_only=True))"
# What opening and converting 2 GiB may have of private memory.
MEMORY_BAR = 64 << 20


@dataclasses.dataclass
class Contender:
    name: str
    runner: Worker | Command
    bar: float | None = None
    """How much of this one's time ours may take."""
    memory_bar: int | None = None
    once: bool = False
    """It takes so long that one run has to do."""


@dataclasses.dataclass
class Operation:
    key: str
    title: str
    inputs: list
    contenders: list
    """Ours comes first."""
    tensors: int | None = None
    """How many small tensors are opened, where the growth with their number is looked at."""


class Operations:
    """All that is compared, in a folder of inputs."""

    def __init__(self, scale, folder, tools):
        self.scale, self.folder, self.tools = scale, folder, tools

    def file(self, name):
        return os.path.join(self.folder, name)

    def ours(self, *words, **options):
        return Worker([os.path.join(self.tools, "checkpoint-bench"), *words], **options)

    def python(self, *words, **options):
        return Worker([sys.executable, os.path.join(HERE, "worker.py"), *words], **options)

    def pth(self, *words, output=None):
        return Command([os.path.join(self.tools, "pth"), *words], output)

    def script(self, text, *words, output=None):
        return Command([sys.executable, "-c", text, *words], output)

    def all(self):
        return [
            self.listing(), *(self.opening(factor) for factor in (1, 10, 100)),
            # torch keeps the memory of tensors below 32 MiB that are gone (glibc's heap), so loading again is another matter.
            self.owning("own-first", "the first time in a process", True), self.owning("own-again", "again and again", False),
            *(self.reading(name, what) for name, what in self.contents()), self.gathering(),
            self.saving("large", f"save {self.large}, with CRCs", 0.7, 1.15), self.saving_many(),
            self.to_safetensors(), self.from_safetensors(), self.inspecting(), *self.converting(),
        ]

    @property
    def large(self):
        return f"{self.scale.large_mib} MiB of 128 tensors"

    def contents(self):
        mib = f"{self.scale.middling_mib} MiB"
        return {"transformer": f"a transformer of 300 tensors, bfloat16 and float32, {mib}", "training": f"a training run with Adam, {mib}",
                "views": f"16 strided views of {mib}", "deflated": f"the transformer in a deflated archive, {mib}"}.items()

    def listing(self):
        checkpoint, other = self.file("large.pth"), self.file("large.safetensors")
        return Operation("list", f"open {self.large} and list them", ["large.pth", "large.safetensors"], [
            Contender("Checkpoint, tensors()", self.ours("list", checkpoint), memory_bar=MEMORY_BAR),
            Contender("torch.load(mmap=True)", self.python("list-mapped", checkpoint), bar=1 / 10),
            Contender("torch.load", self.python("list", checkpoint)),
            Contender("safetensors.safe_open", self.python("list-safetensors", other), bar=1),
            Contender("SafetensorsFile", self.ours("list-safetensors", other)),
        ])

    def opening(self, factor):
        count, name = factor * self.scale.many, f"many_{factor}"
        bars = (1 / 25, 1 / 8) if factor == 10 else (None, None)
        contenders = [
            Contender("Checkpoint, stateDict()", self.ours("open", self.file(f"{name}.pth"))),
            Contender("torch.load", self.python("open", self.file(f"{name}.pth")), bar=bars[0], once=factor == 100)]
        inputs = [f"{name}.pth"]
        # The header of a million tensors is longer than the safetensors format allows.
        if factor < 100:
            inputs.append(f"{name}.safetensors")
            contenders.append(Contender("safetensors load_file", self.python("open-safetensors", self.file(inputs[1])), bar=bars[1]))
        return Operation(f"open-{factor}", f"open {count:,} tensors of 32 bytes", inputs, contenders, tensors=count)

    def owning(self, key, when, fresh):
        path = self.file("large.pth")
        return Operation(key, f"read {self.large} into owned memory, {when}", ["large.pth"], [
            Contender("Checkpoint, stateDict().copied()", self.ours("own", path, fresh=fresh)),
            Contender("torch.load", self.python("open", path, fresh=fresh), bar=1),
            Contender("bare reads of 8 MiB", self.python("read-bytes", path, fresh=fresh)),
            Contender("memcpy", self.python("copy-memory", path, fresh=fresh)),
        ])

    def reading(self, name, what):
        path = self.file(f"{name}.pth")
        contenders = [
            Contender("Checkpoint, rowMajorBytes()", self.ours("read", path)), Contender("torch.load, contiguous()", self.python("read", path))]
        if name != "deflated":
            contenders.append(Contender("torch.load(mmap=True), clone()", self.python("read-mapped", path)))
        return Operation(f"read-{name}", f"open and read {what}", [f"{name}.pth"], contenders)

    def gathering(self):
        path = self.file("views.pth")
        return Operation("gather", "gather those views in memory", ["views.pth"], [
            Contender("rowMajorBytes()", self.ours("gather", path)), Contender("contiguous()", self.python("gather", path))])

    def saving(self, name, title, torch_bar, bare_bar):
        source, output = self.file(f"{name}.pth"), self.file("saved.pth")
        return Operation(f"save-{name}", title, [f"{name}.pth"], [
            Contender("Checkpoint(stateDict).write", self.ours("save", source, output)),
            Contender("torch.save, flushed", self.python("save", source, output), bar=torch_bar),
            Contender("bare writes of 1 MiB, flushed", self.python("write-bytes", source, output), bar=bare_bar),
        ])

    def saving_many(self):
        found = self.saving("many_10", f"save {10 * self.scale.many:,} tensors of 32 bytes", 1 / 15, None)
        return dataclasses.replace(found, contenders=found.contenders[:2])

    def to_safetensors(self):
        words = self.file("large.pth"), self.file("converted.safetensors")
        python = {"torch.load, save_file": "", "torch.load(mmap=True), save_file": ", mmap=True"}
        return Operation("to-safetensors", f".pth to .safetensors, {self.large}, whole process", ["large.pth"], [
            Contender("pth convert", self.pth("convert", *words, output=words[1]), memory_bar=MEMORY_BAR),
            *(Contender(name, self.script(TO_SAFETENSORS.format(options=options), *words, output=words[1]), bar=0.4)
              for name, options in python.items()),
        ])

    def from_safetensors(self):
        words = self.file("large.safetensors"), self.file("converted.pth")
        return Operation("from-safetensors", f".safetensors to .pth, {self.large}, whole process", ["large.safetensors"], [
            Contender("pth convert", self.pth("convert", *words, output=words[1]), memory_bar=MEMORY_BAR),
            Contender("load_file, torch.save", self.script(FROM_SAFETENSORS, *words, output=words[1])),
        ])

    def inspecting(self):
        return Operation("inspect", "list a small checkpoint, whole process", [], [
            Contender("pth inspect", self.pth("inspect", SMALL_CHECKPOINT)),
            Contender("import torch, torch.load, print", self.script(INSPECTING, SMALL_CHECKPOINT), bar=1 / 50),
        ])

    def converting(self):
        # A processor by itself is the one setting that holds both to the same number of threads, whatever they would choose.
        settings = [(False, "all processors")] + [(True, "one processor")] * hasattr(os, "sched_setaffinity")
        return [self.widening(name, one, where) for name in ("bfloat16", "float16") for one, where in settings]

    def widening(self, name, one, where):
        path = self.file(f"{name}.pth")
        return Operation(f"float-{name}-{where.split()[0]}", f"{name} to float32, {self.scale.narrow_mib} MiB, {where}", [f"{name}.pth"], [
            Contender("array(converting: Float.self)", self.ours("float", path, one_processor=one)),
            Contender("tensor.float()", self.python("float", path, one_processor=one), bar=1 / 0.7),
        ])
