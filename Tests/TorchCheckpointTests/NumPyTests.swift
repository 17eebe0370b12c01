import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Arrays of NumPy: how they become Swift values, and which are refused.
@Suite struct NumPyTests {
    /// What torch saves of Python's `value`.
    private func open(_ python: String, protocol version: Int = 2) throws -> Checkpoint {
        let folder = try TemporaryFolder()
        let code = """
            import sys, numpy, torch
            value = \(python)
            torch.save(value, sys.argv[1], pickle_protocol=\(version))
            """
        let outcome = try TorchPython.run(code: code, [folder.path("made.pth")])
        try #require(outcome.status == 0, "\(outcome.error)")
        return try Checkpoint(contentsOf: folder.path("made.pth"))
    }

    @Test(arguments: [2, 5])
    func `arrays are decoded as lists of what they hold`(_ version: Int) throws {
        let checkpoint = try open(
            """
            {"f": numpy.array([[1, 2.5], [3, 4]], dtype=">f4"), "i": numpy.arange(3), \
            "u": numpy.array([2**64 - 1], dtype="u8"), "b": numpy.array([True, False]), \
            "s": numpy.array(["é", "bc"]), "y": numpy.array([b"a", b"bc"]), \
            "c": numpy.array([1 + 2j]), "o": numpy.array([1, "a", None], dtype=object), \
            "fortran": numpy.asfortranarray(numpy.arange(6).reshape(2, 3)), \
            "zero": numpy.array(0.5), "one": numpy.array([7]), "none": numpy.zeros((0, 3))}
            """, protocol: version)
        func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
            try checkpoint.decode(type, at: [.string(key)])
        }
        #expect(try decode([[Float]].self, "f") == [[1, 2.5], [3, 4]])
        #expect(try decode([[Double]].self, "f") == [[1, 2.5], [3, 4]])
        #expect(try decode([Int].self, "i") == [0, 1, 2])
        #expect(try decode([UInt64].self, "u") == [.max])
        #expect(try decode([Bool].self, "b") == [true, false])
        #expect(try decode([String].self, "s") == ["é", "bc"])
        #expect(try decode([Data].self, "y") == [Data("a".utf8), Data("bc".utf8)])
        #expect(try decode([Complex<Double>].self, "c") == [Complex(1, 2)])
        #expect(try decode([CheckpointValue].self, "o").map(\.description) == ["1", "'a'", "None"])
        #expect(try decode([[Int]].self, "fortran") == [[0, 1, 2], [3, 4, 5]])
        #expect(try decode(Double.self, "zero") == 0.5)
        #expect(try decode(Int.self, "one") == 7)
        #expect(try decode([[Double]].self, "none") == [])
        let tensor = try decode(Tensor.self, "fortran")
        #expect(tensor.strides == [1, 2] && tensor.shape == [2, 3])
        #expect(try tensor.array(of: Int64.self) == [0, 1, 2, 3, 4, 5])
        let error = #expect(throws: CheckpointError.self) { try decode([Int].self, "f") }
        #expect(error?.code == .typeMismatch)
    }

    @Test func `scalars are decoded as the numbers and texts that they are`() throws {
        let checkpoint = try open(
            """
            {"f": numpy.float32(0.1), "i": numpy.int16(-3), "b": numpy.bool_(True), \
            "s": numpy.str_("é"), "c": numpy.complex64(1j), "t": numpy.datetime64(5, "s")}
            """)
        struct All: Decodable {
            let f: Float
            let i: Int
            let b: Bool
            let s: String
            let c: Complex<Float>
        }
        let all = try checkpoint.decode(All.self)
        #expect(all.f == 0.1 && all.i == -3 && all.b && all.s == "é" && all.c == Complex(0, 1))
        #expect(checkpoint["t"]?.int == nil)
        #expect(checkpoint["t"]?.numpyScalar?.int == 5)
        #expect(throws: CheckpointError(.typeMismatch, "")) {
            try checkpoint.decode(Int.self, at: ["t"])
        }
        #expect(throws: CheckpointError(.typeMismatch, "")) {
            try checkpoint.decode(Int.self, at: ["b"])
        }
    }

    @Test func `arrays are no tensors of the checkpoint`() throws {
        let checkpoint = try open("{'a': numpy.ones(3), 'w': torch.ones(2)}")
        #expect(try checkpoint.tensors().map(\.path.dotted) == ["w"])
        #expect(throws: CheckpointError(.typeMismatch, "")) { try checkpoint["a"]?.tensor() }
        #expect(throws: CheckpointError(.typeMismatch, "")) { try checkpoint["w"]?.numpyArray() }
    }

    @Test func `the bytes of protocol 3 are read where they are`() throws {
        let checkpoint = try open("numpy.arange(1000, dtype='i4')", protocol: 3)
        let storages = try (0..<2).map { _ in try checkpoint.root.numpyArray().tensor() }
        let places = try storages.map { tensor in
            try tensor.withElements(of: Int32.self) { elements in elements.count }
        }
        #expect(places == [1000, 1000])
        #expect(try storages[0].array(of: Int32.self) == (0..<1000).map { Int32($0) })
    }

    @Test func `objects in an array are elements, and tensors among them are listed`() throws {
        let checkpoint = try open(
            "(lambda a: (a.__setitem__(0, torch.ones(2)), {'a': a})[1])(numpy.empty(2, object))")
        #expect(try checkpoint.tensors().map(\.path.description) == ["['a'][0]"])
        #expect(checkpoint["a"]?[1]?.isNone == true)
        #expect(try checkpoint["a"]?.numpyArray().objects?.count == 2)
    }

    /// A pickle of an array whose shape, dtype and bytes are as given, in protocol 2 and text.
    private func pickle(
        shape: String = "(I2\nt", dtype: String = "f4", order: String = "<", data: String? = nil
    ) -> [UInt8] {
        let bytes = data ?? String(repeating: "\\x00", count: 8)
        let text = """
            cnumpy.core.multiarray
            _reconstruct
            (cnumpy
            ndarray
            (I0
            tS'b'
            tR(I1
            \(shape)cnumpy
            dtype
            (S'\(dtype)'
            I0
            I1
            tR(I3
            S'\(order)'
            NNNI-1
            I-1
            I0
            tbI00
            S'\(bytes)'
            tb.
            """
        return Array(text.utf8)
    }

    @Test func `an array whose bytes agree with its shape is read`() throws {
        let array = try Checkpoint(bytes: pickle()).root.numpyArray()
        #expect(array.shape == [2] && array.bytes.count == 8)
        #expect(try Checkpoint(bytes: pickle(dtype: "i8", order: "=")).root.int == nil)
    }

    @Test(arguments: [
        ("(I3\nt", "f4", "<", CheckpointError.Code.invalidValue),
        ("(I-2\nI-1\nt", "f4", "<", .invalidValue),
        ("(I4611686018427387904\nI4\nt", "f4", "<", .numberOutOfRange),
        ("(I9223372036854775807\nt", "f4", "<", .numberOutOfRange),
        ("(NI2\nt", "f4", "<", .invalidValue), ("S'2'\n", "f4", "<", .invalidValue),
        ("(\(String(repeating: "I1\n", count: 65))t", "f4", "<", .limitExceeded),
        ("(I2\nt", "f5", "<", .invalidValue), ("(I2\nt", "q4", "<", .invalidValue),
        ("(I2\nt", "f-4", "<", .invalidValue), ("(I2\nt", "f4", "?", .invalidValue),
        ("(I2\nt", "U4611686018427387904", "<", .numberOutOfRange),
        ("(I2\nt", "O8", "|", .invalidValue), ("(I1000000000000\nt", "S0", "|", .invalidValue),
    ])
    func `an array that makes no sense is refused`(
        _ shape: String, _ dtype: String, _ order: String, _ code: CheckpointError.Code
    ) throws {
        let checkpoint = try Checkpoint(bytes: pickle(shape: shape, dtype: dtype, order: order))
        let error = #expect(throws: CheckpointError.self) { try checkpoint.root.numpyArray() }
        #expect(error?.code == code, "\(error?.description ?? "")")
        #expect(error?.offset != nil)
    }

    @Test func `elements of no bytes are limited`() throws {
        let few = try Checkpoint(bytes: pickle(shape: "(I3\nt", dtype: "S0", order: "|", data: ""))
        #expect(try few.root.numpyArray().strings == ["", "", ""])
        let many = try Checkpoint(
            bytes: pickle(shape: "(I1000000000000\nt", dtype: "S0", order: "|", data: ""))
        #expect(throws: CheckpointError(.limitExceeded, "")) { try many.root.numpyArray() }
    }

    @Test func `dtypes that share their fields without end are refused`() throws {
        // Each level is a record of twice the one below.
        let code = """
            import sys, numpy, pickle
            class D:
                def __init__(self, inner, size): self.inner, self.size = inner, size
                def __reduce__(self):
                    names = tuple(f"f{i}" for i in range(100))
                    fields = {n: (self.inner, 0) for n in names}
                    return numpy.dtype, ("V8", False, True), (3, "|", None, names, fields, 8, 1, 0)
            value = numpy.dtype("f8")
            for _ in range(int(sys.argv[2])): value = D(value, 8)
            open(sys.argv[1], "wb").write(pickle.dumps(value))
            """
        let folder = try TemporaryFolder()
        for (depth, isRead) in [(1, true), (12, false)] {
            let path = folder.path("\(depth).pkl")
            let outcome = try TorchPython.run(code: code, [path, "\(depth)"])
            try #require(outcome.status == 0, "\(outcome.error)")
            #expect((try Checkpoint(contentsOf: path).root.numpyDType != nil) == isRead)
        }
    }

    @Test func `an array in many places is not read without end`() throws {
        let checkpoint = try open(
            "(lambda a: [[a] * 1000] * 1000)(numpy.zeros(100000, dtype='u1'))", protocol: 3)
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try checkpoint.decode([[[Int]]].self)
        }
    }
}
