import Crypto
import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Every fixture against what torch itself reads from it.
@Suite struct FixtureTests {
    /// Kinds of tensor that have elements of their own.
    static func isRead(_ row: JSONValue) -> Bool {
        row["layout"]?.string == "strided" && row["device"]?.string != "meta"
    }

    /// torch does not turn around big-endian numbers whose storage is untyped: `Specs/tensors.md`.
    static let torchMisreads = ["torch-2.13.0/container_big_endian_untyped.pth"]

    @Test func `big-endian numbers in untyped storages are turned around`() throws {
        let fixture = try Fixture.named(Self.torchMisreads[0])
        let tensor = try #require(
            Checkpoint(contentsOf: FilePath(fixture.path)).tensors().first
        ).tensor
        #expect(try tensor.array(of: UInt16.self) == [1, 2])
    }

    /// All but archives of TorchScript, whose tensors torch names otherwise.
    static let plain = ["zip", "legacy", "tar", "pickle"].flatMap(Fixture.readable)
        .filter { !$0.isOfKindMatrix }

    @Test(arguments: plain)
    func `every tensor equals what torch reads`(_ fixture: Fixture) throws {
        let checkpoint = try Checkpoint(contentsOf: FilePath(fixture.path))
        #expect(checkpoint.format.rawValue == fixture.format)
        let entries = try checkpoint.tensors()
        var byPath: [JSONValue: Tensor] = [:]
        for entry in entries { byPath[entry.path.json] = entry.tensor }
        var storages = StorageNumbers()
        for row in fixture.tensors where row["device"]?.string == "meta" {
            let path = row["path"] ?? .null
            let found = byPath.removeValue(forKey: path)
            let tensor = try #require(found, "no tensor at \(path)")
            #expect(!tensor.hasData && tensor.device == .meta, "\(path)")
            #expect(tensor.shape == row["shape"]?.ints && tensor.strides == row["stride"]?.ints)
            #expect(tensor.dtype.rawValue == row["dtype"]?.string, "\(path)")
        }
        for row in fixture.tensors.filter(Self.isRead) {
            let path = row["path"] ?? .null
            let found = byPath.removeValue(forKey: path)
            let tensor = try #require(found, "no tensor at \(path)")
            guard !Self.torchMisreads.contains(fixture.name) else { continue }
            try expect(tensor, toEqual: row, at: path)
            storages.expect(tensor, toHaveNumberOf: row)
        }
        let others = byPath.keys.filter { $0.array?.contains(.string("<state>")) != true }
        #expect(others.isEmpty, "torch lists no tensor at \(others)")
    }

    @Test(arguments: plain)
    func `every value equals what torch reads`(_ fixture: Fixture) throws {
        try fixture.expectValues()
    }

    @Test(arguments: Fixture.readable("torchscript").filter { !$0.isOfKindMatrix })
    func `a TorchScript archive lists the same contents`(_ fixture: Fixture) throws {
        let checkpoint = try Checkpoint(contentsOf: FilePath(fixture.path))
        #expect(checkpoint.format == .torchscript)
        let found = try checkpoint.tensors().map { try Content($0.tensor) }
        let wanted = try fixture.tensors.filter(Self.isRead).map(Content.init)
        #expect(found.counts == wanted.counts)
    }

    @Test func `the matrix is there`() {
        #expect(Fixture.readable("zip").count > 400)
        #expect(Fixture.readable("legacy").count > 30)
        #expect(Fixture.readable("tar").count > 0)
        #expect(Fixture.readable("pickle").flatMap(\.tensors).count > 1)
        #expect(Set(Fixture.all.compactMap { $0.row["writer"]?.string }).count >= 5)
        let read = Fixture.readable("zip").flatMap(\.tensors).filter(Self.isRead)
        let dtypes = Set(read.compactMap { $0["dtype"]?.string })
        #expect(dtypes == Set(DType.allCases.map(\.rawValue)))
    }
}

/// What a tensor holds, without its place.
struct Content: Hashable {
    let dtype: String
    let shape: [Int]
    let sha256: String

    init(_ tensor: Tensor) throws {
        dtype = tensor.dtype.rawValue
        shape = tensor.shape
        sha256 = try tensor.sha256()
    }

    init(_ row: JSONValue) throws {
        dtype = try #require(row["dtype"]?.string)
        shape = try #require(row["shape"]?.ints)
        sha256 = try #require(row["sha256"]?.string)
    }
}

extension Sequence where Element: Hashable {
    /// How often each element is there.
    var counts: [Element: Int] { reduce(into: [:]) { $0[$1, default: 0] += 1 } }
}

func expect(_ tensor: Tensor, toEqual row: JSONValue, at path: JSONValue) throws {
    #expect(tensor.dtype.rawValue == row["dtype"]?.string, "\(path)")
    #expect(tensor.shape == row["shape"]?.ints, "\(path)")
    #expect(tensor.strides == row["stride"]?.ints, "\(path)")
    #expect(tensor.storageOffset == row["offset"]?.int, "\(path)")
    #expect(tensor.device.rawValue == row["device"]?.string, "\(path)")
    #expect(tensor.requiresGrad == row["requiresGrad"]?.bool, "\(path)")
    #expect(tensor.isParameter == row["parameter"]?.bool, "\(path)")
    #expect(try tensor.sha256() == row["sha256"]?.string, "\(path)")
    guard let elements = row["elements"]?.array, !tensor.dtype.isComplex,
        tensor.dtype != .float4E2M1FNx2
    else { return }
    if tensor.dtype.isFloatingPoint {
        let values = try tensor.array(converting: Double.self)
        let wanted = try elements.map { try #require($0.double, "\($0) at \(path)") }
        #expect(values.map(\.bitPattern.quiet) == wanted.map(\.bitPattern.quiet), "\(path)")
    } else {
        let values = try tensor.decimalElements()
        let wanted = try elements.map { element in
            try #require(element.string ?? element.int.map(String.init), "\(element) at \(path)")
        }
        #expect(values == wanted, "\(path)")
    }
}

extension UInt64 {
    /// The bits of a number with every NaN the same: JSON keeps no payload.
    fileprivate var quiet: UInt64 { Double(bitPattern: self).isNaN ? Double.nan.bitPattern : self }
}

extension Tensor {
    /// The elements as decimal integers.
    fileprivate func decimalElements() throws -> [String] {
        if dtype == .uint64 { return try array(of: UInt64.self).map { "\($0)" } }
        return try array(converting: Int64.self).map { "\($0)" }
    }

    /// The SHA-256 of the elements in row-major order.
    func sha256() throws -> String {
        SHA256.hash(data: try rowMajorBytes()).map { String(format: "%02x", $0) }.joined()
    }
}

/// Which of the manifest's storage numbers each storage has: the same number, the same object.
private struct StorageNumbers {
    private var numbers: [ObjectIdentifier: String] = [:]
    private var storages: [String: ObjectIdentifier] = [:]

    mutating func expect(_ tensor: Tensor, toHaveNumberOf row: JSONValue) {
        guard let number = row["storage"]?.string else { return }
        let storage = ObjectIdentifier(tensor.storage)
        #expect(numbers[storage, default: number] == number)
        #expect(storages[number, default: storage] == storage)
        numbers[storage] = number
        storages[number] = storage
    }
}

extension CheckpointPath {
    /// The path as the manifest and `pth inspect --json` have it.
    var json: JSONValue {
        .array(
            keys.map { key in
                if case .integer(let place) = key { return .integer(place) }
                return .string(key.description)
            })
    }
}

extension Checkpoint {
    /// The value at a path of the manifest, where text may stand for any key that is no integer.
    func value(atSteps steps: [JSONValue]) -> CheckpointValue? {
        steps.reduce(Optional(root)) { value, step in
            if let place = step.int { return value?[.integer(place)] }
            return value?[.string(step.string ?? "")] ?? value?[.other(step.string ?? "")]
        }
    }
}
