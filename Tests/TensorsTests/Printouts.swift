import ComplexModule
import Testing

@testable import Tensors

/// What `str(tensor)` of torch 2.13 gives.
struct Printout: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let tensor: @Sendable () throws -> Tensor
    let text: String

    init(_ rule: String, _ tensor: @escaping @Sendable () throws -> Tensor, _ text: String) {
        testDescription = rule
        self.tensor = tensor
        self.text = text
    }
}

let printouts: [Printout] = [
    Printout(
        "floats of one magnitude are fixed with four digits",
        { try Tensor([Float(1), -2.5, 3.14159]) },
        """
        tensor([ 1.0000, -2.5000,  3.1416])
        """),
    Printout(
        "whole floats end with a point",
        { try Tensor([Float(1), -2, 300]) },
        """
        tensor([  1.,  -2., 300.])
        """),
    Printout(
        "nan and infinities do not decide the notation",
        { try Tensor([Float.nan, .infinity, -.infinity, 1]) },
        """
        tensor([nan, inf, -inf, 1.])
        """),
    Printout(
        "nothing but zeros is whole",
        { try Tensor([Float(0), -0.0]) },
        """
        tensor([0., -0.])
        """),
    Printout(
        "numbers more than 1000 times apart are scientific",
        { try Tensor([Float(1), 1001]) },
        """
        tensor([1.0000e+00, 1.0010e+03])
        """),
    Printout(
        "numbers 1000 times apart are not",
        { try Tensor([Float(1), 1000]) },
        """
        tensor([   1., 1000.])
        """),
    Printout(
        "small numbers are scientific",
        { try Tensor([Float(0.00009)]) },
        """
        tensor([9.0000e-05])
        """),
    Printout(
        "large numbers are scientific",
        { try Tensor([2e8], shape: []) },
        """
        tensor(2.0000e+08, dtype=torch.float64)
        """),
    Printout(
        "ties in the fourth digit go by the exact value",
        { try Tensor([0.00005 + 1, 1.00015]) },
        """
        tensor([1.0001, 1.0002], dtype=torch.float64)
        """),
    Printout(
        "int64 goes without saying",
        { try Tensor([Int64(1), -20, 300]) },
        """
        tensor([  1, -20, 300])
        """),
    Printout(
        "other integers do not",
        { try Tensor([UInt8(1), 255]) },
        """
        tensor([  1, 255], dtype=torch.uint8)
        """),
    Printout(
        "uint64 is unsigned",
        { try Tensor([UInt64.max]) },
        """
        tensor([18446744073709551615], dtype=torch.uint64)
        """),
    Printout(
        "bools are padded",
        { try Tensor([true, false], shape: [2, 1]) },
        """
        tensor([[ True],
                [False]])
        """),
    Printout(
        "float16 is said",
        { try Tensor([Binary16(1.5)]) },
        """
        tensor([1.5000], dtype=torch.float16)
        """),
    Printout(
        "bfloat16 is said",
        { try Tensor([BFloat16(1.5)]) },
        """
        tensor([1.5000], dtype=torch.bfloat16)
        """),
    Printout(
        "a float8 prints its numbers",
        { try Tensor([Float8E4M3FN(448.0), 0.5]) },
        """
        tensor([448.0000,   0.5000], dtype=torch.float8_e4m3fn)
        """),
    Printout(
        "a float8_e8m0fnu NaN is counted",
        { try Tensor([Float8E8M0FNU(4.0), .init(Float.nan)]) },
        """
        tensor([4.0000,    nan], dtype=torch.float8_e8m0fnu)
        """),
    Printout(
        "a float4 pair prints its byte",
        { try Tensor([Float4E2M1FNx2(bitPattern: 0x21)]) },
        """
        tensor([33.], dtype=torch.float4_e2m1fn_x2)
        """),
    Printout(
        "complex parts have a style each",
        { try Tensor([Complex<Float>(1.5, -2), Complex(0, 10)]) },
        """
        tensor([1.5000-2.j, 0.0000+10.j])
        """),
    Printout(
        "complex nan and infinity keep their parts",
        { try Tensor([Complex<Double>(.nan, 1), Complex(1, -.infinity)]) },
        """
        tensor([nan+1.j, 1.-infj], dtype=torch.complex128)
        """),
    Printout(
        "a complex scalar",
        { try Tensor([Complex<Float>(1, 2)], shape: []) },
        """
        tensor(1.+2.j)
        """),
    Printout(
        "an empty vector",
        { try Tensor([Float]()) },
        """
        tensor([])
        """),
    Printout(
        "an empty matrix tells its size",
        { try Tensor([Float](), shape: [0, 3]) },
        """
        tensor([], size=(0, 3))
        """),
    Printout(
        "empty integers tell their dtype",
        { try Tensor([Int64]()) },
        """
        tensor([], dtype=torch.int64)
        """),
    Printout(
        "gradients are mentioned",
        { try Tensor([Float(1)], requiresGrad: true) },
        """
        tensor([1.], requires_grad=True)
        """),
    Printout(
        "lines end before the eightieth column",
        { try Tensor((0..<40).map { Int32($0) }) },
        """
        tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
                18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
                36, 37, 38, 39], dtype=torch.int32)
        """),
    Printout(
        "suffixes move to a line of their own",
        { try Tensor((0..<16).map { BFloat16($0) }, requiresGrad: true) },
        """
        tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.,
                14., 15.], dtype=torch.bfloat16, requires_grad=True)
        """),
    Printout(
        "matrices and blocks are separated by lines",
        { try Tensor((0..<8).map { Int64($0) }, shape: [2, 2, 2]) },
        """
        tensor([[[0, 1],
                 [2, 3]],

                [[4, 5],
                 [6, 7]]])
        """),
    Printout(
        "1001 elements are elided",
        { try Tensor((0..<1001).map { Int64($0) }) },
        """
        tensor([   0,    1,    2,  ...,  998,  999, 1000])
        """),
    Printout(
        "long dimensions are elided",
        { try Tensor((0..<2000).map { Float($0) }, shape: [20, 2, 50]) },
        """
        tensor([[[0.0000e+00, 1.0000e+00, 2.0000e+00,  ..., 4.7000e+01,
                  4.8000e+01, 4.9000e+01],
                 [5.0000e+01, 5.1000e+01, 5.2000e+01,  ..., 9.7000e+01,
                  9.8000e+01, 9.9000e+01]],

                [[1.0000e+02, 1.0100e+02, 1.0200e+02,  ..., 1.4700e+02,
                  1.4800e+02, 1.4900e+02],
                 [1.5000e+02, 1.5100e+02, 1.5200e+02,  ..., 1.9700e+02,
                  1.9800e+02, 1.9900e+02]],

                [[2.0000e+02, 2.0100e+02, 2.0200e+02,  ..., 2.4700e+02,
                  2.4800e+02, 2.4900e+02],
                 [2.5000e+02, 2.5100e+02, 2.5200e+02,  ..., 2.9700e+02,
                  2.9800e+02, 2.9900e+02]],

                ...,

                [[1.7000e+03, 1.7010e+03, 1.7020e+03,  ..., 1.7470e+03,
                  1.7480e+03, 1.7490e+03],
                 [1.7500e+03, 1.7510e+03, 1.7520e+03,  ..., 1.7970e+03,
                  1.7980e+03, 1.7990e+03]],

                [[1.8000e+03, 1.8010e+03, 1.8020e+03,  ..., 1.8470e+03,
                  1.8480e+03, 1.8490e+03],
                 [1.8500e+03, 1.8510e+03, 1.8520e+03,  ..., 1.8970e+03,
                  1.8980e+03, 1.8990e+03]],

                [[1.9000e+03, 1.9010e+03, 1.9020e+03,  ..., 1.9470e+03,
                  1.9480e+03, 1.9490e+03],
                 [1.9500e+03, 1.9510e+03, 1.9520e+03,  ..., 1.9970e+03,
                  1.9980e+03, 1.9990e+03]]])
        """),
]
