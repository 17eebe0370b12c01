import BigInt
import ByteIO
import ComplexModule
import Pickle
import Tensors

extension NumPyArray {
    /// The elements as a value: a list, of lists for more than one dimension, as `array.tolist()`;
    /// times are integers.
    ///
    /// - Throws: ``CheckpointError/Code/unsupportedDType`` for what is no list in Swift.
    /// - Complexity: O(*n*) in the number of elements.
    func list() throws(CheckpointError) -> CheckpointValue {
        guard !shape.dropFirst().contains(0) else {
            throw CheckpointError(
                .unsupportedDType, "a NumPy array of shape \(shape) is no list of lists",
                advice: "Decode a Tensor")
        }
        let made = CheckpointContents()
        var ids: [NodeID]
        do {
            ids = try elements(&made.graph)
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .invalidNumPy("can't be read: \(error)")
        }
        for size in shape.dropFirst().reversed() {
            ids = stride(from: 0, to: ids.count, by: size).map {
                made.graph.addList(Array(ids[$0..<($0 + size)]))
            }
        }
        let root = rank == 0 ? ids.first ?? .none : made.graph.addList(ids)
        made.updateRoles()
        return CheckpointValue(contents: made, id: root)
    }

    private func elements(_ graph: inout PickleGraph) throws -> [NodeID] {
        switch dtype.kind {
        case .text: return try texts { try graph.addText($0) }
        case .bytes: return try byteStrings().map { try graph.addBytes($0) }
        default: return try numbers(checkedTensor(), &graph)
        }
    }

    private func numbers(_ tensor: Tensor, _ graph: inout PickleGraph) throws -> [NodeID] {
        switch tensor.dtype {
        case .bool: return try tensor.array(of: Bool.self).map { PickleGraph.bool($0) }
        case .uint64:
            return try tensor.array(of: UInt64.self).map { try graph.addInteger(BigInt($0)) }
        case .complex64, .complex128:
            let name = graph.addGlobal(GlobalName(module: "__builtin__", name: "complex"))
            return try tensor.array(converting: Complex<Double>.self).map {
                let parts = [graph.addFloat($0.rawStorage.x), graph.addFloat($0.rawStorage.y)]
                return graph.addCall(name, parts)
            }
        case let dtype where dtype.isFloatingPoint:
            return try tensor.array(converting: Double.self).map { graph.addFloat($0) }
        default: return try tensor.array(converting: Int64.self).map { graph.addInteger(Int($0)) }
        }
    }

    private func texts(_ add: (String) throws -> NodeID) throws -> [NodeID] {
        guard let strings else { throw CheckpointError.invalidNumPy("has texts not in Unicode") }
        return try strings.map(add)
    }

    /// The elements of an array of `S`, without the NULs at their ends.
    func byteStrings() -> [[UInt8]] {
        var strings: [[UInt8]] = []
        forEachOffset { start in
            var bytes = Array(copying: region.bytes.extracting(start..<(start + dtype.itemSize)))
            while bytes.last == 0 { bytes.removeLast() }
            strings.append(bytes)
        }
        return strings
    }
}
