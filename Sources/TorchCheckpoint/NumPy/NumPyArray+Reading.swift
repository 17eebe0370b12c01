import ByteIO
import Pickle
import Tensors

// An array is one of two calls. Specs/values.md has their arguments.
extension CheckpointContents {
    /// Whether an object is an array whose call is as NumPy writes it.
    func isNumPyArray(_ id: NodeID) -> Bool { numPyCall(id) != nil }

    /// Whether an object is an array of Python objects, which are its elements.
    func numPyObjects(_ id: NodeID) -> NodeID? {
        guard let call = numPyCall(id), graph.kind(of: call.data) == .list else { return nil }
        return call.data
    }

    /// The array that an object would be, or nil when it is something else.
    ///
    /// - Throws: ``CheckpointError`` when it is an array, but one that makes no sense.
    func numPyArray(_ id: NodeID) throws(CheckpointError) -> NumPyArray? {
        guard let call = numPyCall(id) else { return nil }
        do throws(CheckpointError) {
            var reader = NumPyDTypeReader(self)
            let dtype = try reader.dtype(call.dtype)
            let shape = try numPyShape(call.shape)
            if dtype.holdsObjects { return try objects(call, dtype, shape) }
            guard let region = try bytesRegion(call.data) else {
                throw .invalidNumPy("of \(dtype) has no bytes")
            }
            return try NumPyArray(dtype, shape, order: call.order, axes: axes(call), region)
        } catch {
            throw graph.place(of: id).map(error.atOffset) ?? error
        }
    }

    /// The dtype and shape of an array, whose data are not looked at; nil when they make no sense.
    func numPySummary(_ id: NodeID) -> String? {
        guard let call = numPyCall(id) else { return nil }
        var reader = NumPyDTypeReader(self)
        guard let dtype = try? reader.dtype(call.dtype), let shape = try? numPyShape(call.shape)
        else { return nil }
        return "\(dtype) \(shape)"
    }

    /// The object that has the bytes of an array or scalar, which others may have, too.
    func numPyData(_ id: NodeID) -> NodeID? {
        let isScalar = role(ofObject: id) == .numPy(.scalar)
        guard let data = isScalar ? argument(1, of: id) : numPyCall(id)?.data else { return nil }
        return graph.kind(of: data) == .object ? argument(0, of: data) ?? data : data
    }

    /// The sizes of dimensions: a tuple of integers, or one integer.
    func numPyShape(_ id: NodeID) throws(CheckpointError) -> [Int] {
        let items = graph.items(id) ?? [id]
        guard items.count <= TensorLayout.maximumRank else {
            throw CheckpointError(
                .limitExceeded,
                "a NumPy array has \(items.count) dimensions, more than \(TensorLayout.maximumRank)"
            )
        }
        var shape: [Int] = []
        for item in items {
            guard let size = graph.integer(item), size >= 0 else {
                throw .invalidNumPy("has a shape that is no tuple of sizes")
            }
            shape.append(size)
        }
        return shape
    }

    private func objects(
        _ call: NumPyCall, _ dtype: NumPyDType, _ shape: [Int]
    ) throws(CheckpointError) -> NumPyArray {
        guard let items = graph.items(call.data) else {
            throw .invalidNumPy("of objects has no list of them")
        }
        let layout = try TensorLayout(rowMajor: shape)
        guard layout.elementCount == items.count else {
            throw .invalidNumPy("of shape \(shape) has \(items.count) objects")
        }
        return NumPyArray(
            dtype: dtype, shape: shape, byteStrides: layout.strides,
            elementCount: items.count, isFortranOrder: call.order == .fortran,
            region: ByteRegion(),
            objects: items.map { CheckpointValue(contents: self, id: $0) })
    }

    private func axes(_ call: NumPyCall) throws(CheckpointError) -> [Int]? {
        guard let id = call.axes else { return nil }
        return try numPyShape(id)
    }

    /// The contents of `bytes` or a `bytearray`, or of a Python 2 `str`, however they are written.
    func bytesRegion(_ id: NodeID) throws(CheckpointError) -> ByteRegion? {
        let value = CheckpointValue(contents: self, id: id)
        guard let source = value.byteSource else {
            return value.isEmptyBytes ? ByteRegion() : nil
        }
        guard source.isText else { return try graph.region(of: source.id) }
        return try latinTexts.region(source.id, in: graph)
    }
}

/// In which order the elements of an array lie in the file.
enum NumPyOrder {
    case rowMajor
    case fortran
}

/// What an array is made of, from either of the calls.
struct NumPyCall {
    let shape: NodeID
    let dtype: NodeID
    let order: NumPyOrder
    /// The order in which dimensions are to be put, of an array that is neither.
    var axes: NodeID?
    let data: NodeID
}

extension CheckpointContents {
    fileprivate func numPyCall(_ id: NodeID) -> NumPyCall? {
        switch role(ofObject: id) {
        case .numPy(.reconstruct): reconstructed(id)
        case .numPy(.frombuffer): fromBuffer(id)
        default: nil
        }
    }

    // _reconstruct(class, (0,), b"b") and the state (version, shape, dtype, isFortran, data); the
    // version is missing in files of NumPy before 1.0.
    private func reconstructed(_ id: NodeID) -> NumPyCall? {
        guard let state = graph.object(id)?.states, state.count == 1,
            let items = graph.items(state[0]), 4...5 ~= items.count
        else { return nil }
        let parts = Array(items.suffix(4))
        guard let isFortran = graph.truth(parts[2]) else { return nil }
        return NumPyCall(
            shape: parts[0], dtype: parts[1], order: isFortran ? .fortran : .rowMajor,
            data: parts[3])
    }

    // _frombuffer(buffer, dtype, shape, order[, axes])
    private func fromBuffer(_ id: NodeID) -> NumPyCall? {
        guard let data = argument(0, of: id), let dtype = argument(1, of: id),
            let shape = argument(2, of: id),
            let order = argument(3, of: id).flatMap(graph.plainString)
        else { return nil }
        let axes = argument(4, of: id).flatMap { $0 == .none ? nil : $0 }
        switch order {
        case "C": return NumPyCall(shape: shape, dtype: dtype, order: .rowMajor, data: data)
        case "F": return NumPyCall(shape: shape, dtype: dtype, order: .fortran, data: data)
        case "K":
            return NumPyCall(
                shape: shape, dtype: dtype, order: .rowMajor, axes: axes, data: data)
        default: return nil
        }
    }
}

extension NumPyArray {
    /// An array over bytes, after checking that there are as many as the shape takes.
    ///
    /// - Parameter axes: Which dimension of the file each dimension is.
    init(
        _ dtype: NumPyDType, _ shape: [Int], order: NumPyOrder, axes: [Int]? = nil,
        _ region: ByteRegion
    ) throws(CheckpointError) {
        let layout = try TensorLayout(rowMajor: shape)
        guard try layout.elementCount.multipliedChecked(by: dtype.itemSize) == region.count else {
            throw .invalidNumPy(
                "of \(dtype) and shape \(shape) has \(region.count) bytes, which it does not take")
        }
        guard dtype.itemSize > 0 || layout.elementCount <= Self.maximumEmptyElements else {
            throw CheckpointError(
                .limitExceeded, "a NumPy array has \(layout.elementCount) elements of no bytes")
        }
        var strides = try order == .rowMajor ? layout.strides : Self.fortranStrides(of: shape)
        let isFortranOrder = dtype.itemSize > 0 && strides != layout.strides
        for place in strides.indices {
            strides[place] = try strides[place].multipliedChecked(by: max(dtype.itemSize, 1))
        }
        if dtype.itemSize == 0 { strides = strides.map { _ in 0 } }
        let order = try Self.checked(axes, rank: shape.count)
        self.init(
            dtype: dtype, shape: order.map { shape[$0] }, byteStrides: order.map { strides[$0] },
            elementCount: layout.elementCount, isFortranOrder: isFortranOrder, region: region)
    }

    /// How many elements of no bytes an array may have: a file can claim any number.
    static let maximumEmptyElements = 65536

    private static func checked(
        _ axes: [Int]?, rank: Int
    ) throws(CheckpointError) -> [Int] {
        guard let axes else { return Array(0..<rank) }
        guard axes.sorted() == Array(0..<rank) else {
            throw .invalidNumPy("has an order of axes that is none")
        }
        return axes
    }

    private static func fortranStrides(of shape: [Int]) throws(CheckpointError) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for place in shape.indices.dropFirst() {
            strides[place] = try strides[place - 1].multipliedChecked(
                by: max(shape[place - 1], 1))
        }
        return strides
    }
}
