"""The checkpoints that are read: made where they are missing.

    inputs.py FOLDER full|quick NAME …
"""
import os
import sys
import zipfile

import numpy
import torch
from safetensors.torch import save_file

from scales import SCALES

MIB = 1 << 20
WIDTH = 1024


class Maker:
    """Makes each file by a method of its name."""

    def __init__(self, scale):
        self.scale = SCALES[scale]
        self.generator = numpy.random.Generator(numpy.random.PCG64(1))

    def floats(self, *shape, dtype=torch.float32):
        """Numbers that hardly compress, as those of a model."""
        return torch.from_numpy(self.generator.random(shape, dtype=numpy.float32) - 0.5).to(dtype)

    def large(self):
        """128 tensors of equal size."""
        rows = self.scale.large_mib * MIB // 128 // 4 // WIDTH
        return {f"layers.{i}.weight": self.floats(rows, WIDTH) for i in range(128)}

    def small(self, factor):
        """Tensors of 32 bytes with a storage each."""
        return {f"layers.{i // 10}.part.{i % 10}.weight": torch.full((8,), float(i)) for i in range(factor * self.scale.many)}

    def many_1(self):
        return self.small(1)

    def many_10(self):
        return self.small(10)

    def many_100(self):
        return self.small(100)

    def transformer(self):
        """About 300 tensors: weights in bfloat16, norms in float32."""
        layers = 33
        width = int((self.scale.middling_mib * MIB / 2 / layers / 12) ** 0.5) // 64 * 64
        tensors = {"embedding.weight": self.floats(2 * width, width, dtype=torch.bfloat16)}
        for layer in range(layers):
            tensors |= {f"layers.{layer}.{name}": value for name, value in self.block(width).items()}
        return tensors

    def block(self, width):
        shapes = {"attention.q": (width, width), "attention.k": (width, width), "attention.v": (width, width), "attention.o": (width, width),
                  "mlp.up": (4 * width, width), "mlp.down": (width, 4 * width), "attention.bias": (width,)}
        weights = {f"{name}.weight": self.floats(*shape, dtype=torch.bfloat16) for name, shape in shapes.items()}
        return weights | {"norm1.weight": self.floats(width), "norm2.weight": self.floats(width)}

    def training(self):
        """A model with the state of Adam: three tensors of equal size for each parameter, and a step."""
        width = int((self.scale.middling_mib * MIB / 4 / 3 / 16) ** 0.5) // 64 * 64
        model = torch.nn.Sequential(*(torch.nn.Linear(width, width) for _ in range(16)))
        optimizer = torch.optim.Adam(model.parameters())
        model(self.floats(1, width)).sum().backward()
        optimizer.step()
        return {"epoch": 3, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict()}

    def views(self):
        """Tensors of which none is contiguous."""
        side = int((self.scale.middling_mib * MIB / 4 / 16) ** 0.5) // 64 * 64
        bases = [self.floats(side, side) for _ in range(16)]
        kinds = (lambda base: base.t(), lambda base: base[:, :side // 2], lambda base: base[::2, 1:],
                 lambda base: base.view(-1, 8, 8).permute(2, 0, 1))
        return {f"layers.{i}.weight": kinds[i % len(kinds)](base) for i, base in enumerate(bases)}

    def bfloat16(self):
        return {"weight": self.floats(self.scale.narrow_mib * MIB // 2, dtype=torch.bfloat16)}

    def float16(self):
        return {"weight": self.floats(self.scale.narrow_mib * MIB // 2, dtype=torch.float16)}


def deflate(source, destination):
    """The same records, compressed, as people do who zip what they unzipped."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(destination, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))


def write(maker, folder, name, part):
    stem, end = os.path.splitext(name)
    if stem == "deflated":
        deflate(made(maker, folder, "transformer.pth"), part)
    elif end == ".safetensors":
        save_file(torch.load(made(maker, folder, f"{stem}.pth"), weights_only=True), part)
    else:
        torch.save(getattr(maker, stem)(), part)


def made(maker, folder, name):
    """The path of the file, which appears under its name when it is whole."""
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        print(f"making {name}", file=sys.stderr)
        write(maker, folder, name, f"{path}.part")
        os.replace(f"{path}.part", path)
    return path


def main():
    folder, scale, *names = sys.argv[1:]
    for name in names:
        made(Maker(scale), folder, name)


if __name__ == "__main__":
    main()
