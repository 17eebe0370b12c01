"""How large the inputs are."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Scale:
    large_mib: int
    """The file of 128 tensors."""
    middling_mib: int
    """A model, a training run, views."""
    narrow_mib: int
    """Elements to be converted."""
    many: int
    """Small tensors; there are files of ten and a hundred times as many, too."""
    room_mib: int
    """What all inputs and the largest output take in the folder, and the workers in memory."""


SCALES = {"full": Scale(2048, 256, 256, 10_000, 16 << 10), "quick": Scale(64, 16, 8, 1_000, 1 << 10)}
