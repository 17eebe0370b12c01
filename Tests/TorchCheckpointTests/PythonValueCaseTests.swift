import Crypto
import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// The cases of `PythonFixtures/value_cases.py`, read by Python and here.
@Suite struct PythonValueCaseTests {
    private let cases: PythonCases

    init() throws { cases = try PythonCases(script: "value_cases.py") }

    /// Calls `check` with each case of a kind and its root.
    private func forEach(
        _ kind: String, atLeast count: Int,
        _ check: (_ row: JSONValue, _ value: CheckpointValue, _ title: Comment) throws -> Void
    ) throws {
        let rows = cases.rows.filter { $0["kind"]?.string == kind }
        #expect(rows.count >= count)
        for row in rows {
            let encoding = row["encoding"]?.string.flatMap(PickleEncoding.init) ?? .utf8
            let path = cases.folder.path(try #require(row["file"]?.string))
            let checkpoint = try Checkpoint(
                contentsOf: path, options: LoadOptions(encoding: encoding))
            let title = try #require(row["title"]?.string)
            try check(row, checkpoint.root, "\(title)")
        }
    }

    @Test func `objects of Python's classes are shown as Python shows them`() throws {
        try forEach("object", atLeast: 200) { row, value, title in
            #expect(value.pythonRepr() == row["repr"]?.string, title)
        }
    }

    @Test func `scalars of NumPy are NumPy's numbers and texts`() throws {
        try forEach("scalar", atLeast: 400) { row, value, title in
            #expect(value.pythonRepr() == row["repr"]?.string, title)
            #expect("\(value.typeName)" == row["type"]?.string, title)
            #expect(value.kind == .numpyScalar, title)
            guard let item = row["item"]?.string else { return }
            if let bool = value.bool {
                #expect((bool ? "True" : "False") == item, title)
            } else if let integer = value.bigInteger {
                #expect("\(integer)" == item, title)
                #expect(try value.decode(BigInt.self) == integer, title)
            } else {
                let number = try value.decode(Double.self)
                #expect(number.isNaN ? item == "nan" : "\(number)" == item, title)
                #expect(value.double?.bitPattern == number.bitPattern, title)
            }
        }
    }

    @Test func `arrays of NumPy have NumPy's dtype, shape, bytes and numbers`() throws {
        try forEach("array", atLeast: 1000) { row, value, title in
            #expect(value.kind == .numpyArray, title)
            try expect(value.numpyArray(), toEqual: row, title)
        }
    }

    private func expect(_ array: NumPyArray, toEqual row: JSONValue, _ title: Comment) throws {
        #expect("\(array.dtype)" == row["dtype"]?.string, title)
        #expect(array.dtype.pythonRepr == row["dtypeRepr"]?.string, title)
        #expect(array.shape == row["shape"]?.ints, title)
        #expect(sha256(array.bytes) == row["sha256"]?.string, title)
        if let strings = row["strings"]?.array {
            #expect(array.strings == strings.compactMap(\.string), title)
        }
        if let dtype = row["torch"]?.string, array.dtype.unit == nil {
            let tensor = try array.tensor()
            #expect(tensor.dtype.rawValue == dtype, title)
            #expect(sha256(try tensor.rowMajorBytes()) == row["elements"]?.string, title)
        }
        guard case .object(let fields) = row["fields"] else { return }
        #expect(array.dtype.fields.count == fields.count, title)
        for (name, field) in fields {
            let part = try #require(try array.field(name), title)
            try expect(part, toEqual: field, title)
        }
    }

    @Test func `pickles of Python 2 are what Python 3 reads with the encoding`() throws {
        try forEach("python2", atLeast: 100) { row, value, title in
            guard let expected = row["expected"], expected != .null else { return }
            if let repr = expected["repr"]?.string {
                #expect(value.pythonRepr() == repr, title)
                return
            }
            #expect("\(value.typeName)" == expected["class"]?.string, title)
            guard case .object(let fields) = expected["fields"] else { return }
            let found = value.fields.mapValues { $0.pythonRepr() }
            #expect(
                Dictionary(uniqueKeysWithValues: found.map { ($0.key, $0.value) })
                    == fields.compactMapValues(\.string), title)
        }
    }

    @Test func `a mutated pickle is read, or refused, and never traps`() throws {
        var generator = SeededGenerator(seed: 2024)
        let rows = cases.rows.filter { $0["kind"]?.string != "python2" }
        for _ in 0..<20_000 {
            let row = try #require(rows.randomElement(using: &generator))
            let path = cases.folder.path(try #require(row["file"]?.string))
            var bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] =
                    Bool.random(using: &generator)
                    ? UInt8.random(in: 0...255, using: &generator)
                    : [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
            }
            guard let value = try? Checkpoint(bytes: bytes).root else { continue }
            touch(value)
        }
    }

    /// Looks at all there is of a value.
    private func touch(_ value: CheckpointValue) {
        _ = (value.description, value.typeName, value.fields, value.array, value.dictionary)
        _ = (value.calendarDate, value.timeOfDay, value.timeDelta, value.date, value.filePath)
        _ = (value.int, value.double, value.bool, value.complex, value.string, value.bytes)
        _ = (value.numpyDType?.description, value.numpyScalar?.bytes)
        _ = try? value.decode([Float].self)
        _ = try? value.decode([[String]].self)
        guard let array = try? value.numpyArray() else { return }
        _ = (array.bytes, array.strings, array.objects?.count)
        _ = try? array.tensor().array(converting: Double.self)
        for field in array.dtype.fields { _ = try? array.field(field.name)?.bytes }
    }

    private func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }
}
