import Crypto
import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Holds a value to a row of the manifest's `values`.
struct ValueExpectation {
    let row: JSONValue
    let path: [JSONValue]
    let checkpoint: Checkpoint

    private var type: String { row["type"]?.string ?? "" }

    func check(_ value: CheckpointValue) throws {
        if let first = row["sameAs"]?.array {
            #expect(checkpoint.value(atSteps: first)?.id == value.id, "\(path)")
            return
        }
        switch type {
        case "NoneType", "bool", "int", "float", "complex", "bytes", "bytearray", "torch.dtype",
            "torch.device", "torch.Size":
            #expect(value.pythonRepr() == row["repr"]?.string, "\(path)")
        case "str": checkText(value)
        case "set", "frozenset":
            let items = try #require(value.array, "\(path)")
            #expect(
                items.map { $0.pythonRepr() }.sorted() == row["items"]?.array?.map { $0.string })
        case "storage": try checkStorage(value)
        case "global": #expect("\(value.typeName)" == row["global"]?.string, "\(path)")
        case "object": #expect("\(value.typeName)" == row["class"]?.string, "\(path)")
        case _ where value.kind == .numpyArray: try checkArray(value)
        default: checkContainer(value)
        }
        if let hex = row["hex"]?.string {
            #expect(value.bytes?.map { String(format: "%02x", $0) }.joined() == hex, "\(path)")
        }
    }

    private func checkText(_ value: CheckpointValue) {
        if let text = row["text"]?.string {
            #expect(value.string == text, "\(path)")
            #expect(value.pythonRepr() == row["repr"]?.string, "\(path)")
        } else if let digest = row["sha256"]?.string {
            #expect(sha256(value.text?.utf8 ?? []) == digest, "\(path)")
        } else {
            let hex = value.text?.utf8.map { String(format: "%02x", $0) }.joined()
            #expect(hex == row["utf8"]?.string, "\(path)")
            #expect(value.string == nil, "a lone surrogate is no Swift string")
        }
    }

    private func checkStorage(_ value: CheckpointValue) throws {
        let storage = try #require(value.storage, "\(path)")
        #expect(storage.byteCount == row["bytes"]?.int, "\(path)")
        #expect(storage.device.rawValue == row["device"]?.string, "\(path)")
        #expect(sha256(try storage.bytes()) == row["sha256"]?.string, "\(path)")
    }

    private func checkArray(_ value: CheckpointValue) throws {
        let array = try value.numpyArray()
        #expect(array.shape == row["shape"]?.ints, "\(path)")
        #expect(array.isFortranOrder == (row["fortran"]?.bool ?? false), "\(path)")
        if type == "numpy.ndarray" { #expect("\(value.typeName)" == type, "\(path)") }
        if let items = row["items"]?.array {
            #expect(array.objects?.map { $0.pythonRepr() } == items.map { $0.string }, "\(path)")
        } else if array.dtype.byteOrder == .big, row["dtype"]?.string?.first != ">" {
            try checkTurnedArray(array)
        } else {
            let names = [
                "\(array.dtype)", "\(array.dtype)".replacing(", 'aligned': True", with: ""),
            ]
            // NumPy 2 loses the mark of alignment when it reads what NumPy 1 wrote.
            #expect(names.contains(row["dtype"]?.string ?? ""), "\(path)")
            #expect(sha256(array.bytes) == row["sha256"]?.string, "\(path)")
        }
    }

    /// NumPy turns the bytes of a big-endian array around when it reads a pickle.
    private func checkTurnedArray(_ array: NumPyArray) throws {
        let written = "\(array.dtype)"
        #expect(written.hasPrefix(">"), "\(path)")
        let bytes: [UInt8]
        if let strings = array.strings {
            #expect("<" + written.dropFirst() == row["dtype"]?.string, "\(path)")
            let scalars = strings.flatMap { text in
                let values = text.unicodeScalars.map(\.value)
                return values
                    + Array(repeating: 0, count: array.dtype.itemSize / 4 - values.count)
            }
            bytes = scalars.flatMap { value in
                stride(from: 0, to: 32, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
            }
        } else {
            #expect(array.dtype.torchDType?.rawValue == row["dtype"]?.string, "\(path)")
            bytes = try array.tensor().rowMajorBytes()
        }
        #expect(sha256(bytes) == row["sha256"]?.string, "\(path)")
    }

    /// What only the code of a class says, which members an enumeration has; and the records of NumPy,
    /// which are shown as their bytes.
    private static let unknownClasses = [
        "fixture_classes.Colour", "fixture_classes.Level", "fixture_classes.Permission",
        "fixture_classes.Word", "numpy.void",
    ]

    private func checkContainer(_ value: CheckpointValue) {
        if let repr = row["repr"]?.string, !Self.unknownClasses.contains(type) {
            #expect(value.pythonRepr() == repr, "\(path)")
        }
        if let count = row["count"]?.int { #expect((value.count ?? 0) == count, "\(path)") }
        if let keys = row["keys"]?.array {
            #expect(value.dictionary?.keys.map(\.pythonRepr) == keys.map { $0.string }, "\(path)")
        }
        if ["dict", "list", "tuple"].contains(type) {
            #expect(value.typeName.description == "builtins.\(type)", "\(path)")
        } else if type.hasPrefix("collections.") || type.hasPrefix("datetime.") {
            #expect(value.typeName.description == type, "\(path)")
        } else {
            #expect(
                [.object, .global, .numpyScalar].contains(value.kind), "\(path)")
        }
    }

    private func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }
}

extension Fixture {
    /// Expects every value that torch reads from the file.
    func expectValues() throws {
        let checkpoint = try asTorchReadIt()
        for row in values {
            let steps = row["path"]?.array ?? []
            let value = try #require(checkpoint.value(atSteps: steps), "nothing at \(steps)")
            try ValueExpectation(row: row, path: steps, checkpoint: checkpoint).check(value)
        }
    }
}
