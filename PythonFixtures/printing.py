"""What torch prints: tensors in printing.pth, and in printing.json the text of str() of each."""
import json

import torch


def vectors():
    """One line of numbers each: the choice between plain, integer-like and scientific notation."""
    t = torch.tensor
    inf, nan = float("inf"), float("nan")
    return {
        "int": t([1, -20, 300]), "int_matrix": t([[1, -2], [300, 4]]), "int_scalar": t(7), "int_negative_scalar": t(-7),
        "int_large": t([2**62, -1]), "float": t([0.5, -1.25, 3.0]), "float_scalar": t(0.5), "float_scalar_long": t(3.14159265),
        "float_integers": t([1.0, 2.0, -3.0]), "float_integer_scalar": t(2.0), "float_integer_large": t([1.0, 1000.0]),
        "float_integers_sci": t([1.0, 1e9]), "float_integers_1e8": t([1.0, 1e8]), "float_rounding": t([0.1, 0.12345, 0.123456]), "float_small": t([1e-5, 2e-5]),
        "float_small_ratio": t([1e-5, 1.0]), "float_1e_4": t([1e-4, 2e-4]), "float_below_1e_4": t([9.9e-5, 0.5]), "float_large": t([1e9, 1.5]), "float_1e8": t([1e8 + 0.0, 0.5]),
        "float_ratio_1000": t([0.01, 10.0]), "float_ratio_over_1000": t([0.01, 11.5]), "float_range": t([1e-30, 1e30]), "float_extremes": t([3.4028235e38, 1.1754944e-38, 1e-45]),
        "float_nan": t([nan, 1.5]), "float_inf": t([inf, -inf, 2.5]), "float_nan_inf_integers": t([nan, inf, 2.0]), "float_only_nan": t([nan, nan]), "float_only_inf": t([inf, -inf]),
        "float_nan_scalar": t(nan), "float_inf_scalar": t(-inf), "float_nan_sci": t([nan, 1e-9, 1.0]), "float_negative_zero": t([-0.0, 0.0, 1.0]), "float_zeros": torch.zeros(3),
        "float_negative_zero_scalar": t(-0.0), "float_zero_and_fraction": t([0.0, 0.25]), "float_scalar_sci": t(1e-10), "float_scalar_1e10": t(1e10), "float_scalar_large": t(123456.789),
        "float64": t([0.5, 1.0 / 3], dtype=torch.float64), "float64_integers": t([1.0], dtype=torch.float64), "float64_extreme": t([1e300, 1e-300], dtype=torch.float64),
        "float16": t([0.5, 65504.0], dtype=torch.float16), "float16_integers": t([1.0, 2.0], dtype=torch.float16), "bfloat16": t([0.5, 3.0], dtype=torch.bfloat16),
        "bfloat16_sci": t([1e-20, 1e20], dtype=torch.bfloat16), "bfloat16_scalar": t(0.1, dtype=torch.bfloat16),
        "int8": t([-128, 127], dtype=torch.int8), "uint8": t([0, 255], dtype=torch.uint8), "int16": t([1], dtype=torch.int16), "int32": t([[1, 2]], dtype=torch.int32),
        "uint16": t([1, 65535]).to(torch.uint16), "uint32": t([1, 2]).to(torch.uint32), "uint64": t([1, 2]).to(torch.uint64), "uint64_large": t([-1]).view(torch.uint64),
        "bool": t([True, False]), "bool_scalar": t(True), "bool_matrix": t([[True], [False]]),
        "complex": t([1 + 2j, -0.5 - 1j]), "complex_scalar": t(1.5 - 2j), "complex_integers": t([1 + 2j, 3 - 4j]), "complex_nan": t([complex(nan, inf), 1j]),
        "complex_sci": t([1e-9 + 1j, 1e9 + 0j]), "complex128": t([1 + 2j], dtype=torch.complex128), "complex32": t([1 + 2j]).to(torch.complex32),
        "complex_conj": t([1 + 2j]).conj(), "complex_negative_zero": t([complex(-0.0, -0.0)]),
    }


def shapes():
    """Brackets, wrapping at 80 columns, elision beyond 1000 elements, and the suffixes."""
    return {
        "empty": torch.empty(0), "empty_matrix": torch.empty(0, 3), "empty_middle": torch.empty(2, 0, 3), "empty_int": torch.empty(0, dtype=torch.int64),
        "empty_int_matrix": torch.empty(2, 0, dtype=torch.int32), "empty_bool": torch.empty(0, dtype=torch.bool), "cube": torch.arange(24).reshape(2, 3, 4),
        "four_d": torch.arange(16.0).reshape(2, 2, 2, 2), "five_d": torch.arange(8).reshape(2, 1, 2, 1, 2), "ones": torch.ones(1, 1, 1), "column": torch.arange(4.0).reshape(4, 1),
        "wide_int": torch.arange(40) * 1000, "wide_float": torch.arange(25) / 7, "wide_matrix": torch.arange(60.0).reshape(2, 30) / 7, "wide_bool": torch.arange(30) % 2 == 0,
        "wide_sci": torch.arange(1, 21) * 1e-7, "wide_complex": torch.complex(torch.arange(12.0), -torch.arange(12.0) / 4), "exactly_1000": torch.arange(1000),
        "elided_vector": torch.arange(1001), "elided_float": torch.arange(1200) / 8, "elided_matrix": torch.arange(1200).reshape(30, 40), "elided_rows": torch.arange(2000).reshape(500, 4),
        "elided_columns": torch.arange(2000.0).reshape(4, 500), "elided_cube": torch.arange(8 * 12 * 13).reshape(8, 12, 13), "elided_hides_the_fraction": hidden_fraction(),
        "elided_bool": torch.arange(1500).reshape(3, 500) % 3 == 0, "elided_half": torch.arange(1500).to(torch.float16), "elided_four_d": torch.arange(2401.0).reshape(7, 7, 7, 7),
        "transposed": torch.arange(6).reshape(2, 3).t(), "expanded": torch.arange(3).expand(2, 3), "seven_by_seven": torch.arange(49).reshape(7, 7) * 100,
        "requires_grad": torch.tensor([1.5, 2.5], requires_grad=True), "requires_grad_scalar": torch.tensor(1.0, requires_grad=True),
        "parameter": torch.nn.Parameter(torch.tensor([1.0, 2.0])), "frozen_parameter": torch.nn.Parameter(torch.tensor([1.0]), requires_grad=False),
        "half_requires_grad": torch.tensor([1.5], dtype=torch.float16, requires_grad=True), "meta": torch.empty(2, 3, device="meta"), "meta_half": torch.empty(2, dtype=torch.float16, device="meta"),
    }


def hidden_fraction():
    """The only fraction is among the elements that are not shown: the format follows the shown ones."""
    tensor = torch.arange(2000.0) % 7
    tensor[1000] = 0.5
    return tensor


def float8():
    """The one-byte floats, which torch prints through their float32 values."""
    values = torch.tensor([0.5, -1.0, 3.0])
    whole = torch.tensor([1.0, 2.0, 4.0])
    names = ("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz")
    rows = {name: values.to(getattr(torch, name)) for name in names}
    rows.update({name + "_integers": whole.to(getattr(torch, name)) for name in names})
    rows["float8_e8m0fnu"] = whole.to(torch.float8_e8m0fnu)
    rows["float8_e5m2_special"] = torch.tensor([float("inf"), float("nan"), -0.0]).to(torch.float8_e5m2)
    rows["float8_scalar"] = torch.tensor(0.5).to(torch.float8_e4m3fn)
    return rows


def printed(tensor):
    try:
        return str(tensor)
    except Exception:
        return None


def tensors():
    return {**vectors(), **shapes(), **float8()}


def write(folder):
    folder.save("printing.pth", tensors)
    loaded = torch.load(folder.path("printing.pth"), weights_only=False)
    texts = {name: printed(tensor) for name, tensor in loaded.items()}
    with open(folder.path("printing.json"), "w") as file:
        json.dump({name: text for name, text in texts.items() if text is not None}, file, indent=1, ensure_ascii=False)
        file.write("\n")
