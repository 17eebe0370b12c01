import ByteIO

extension Tensor {
    /// Calls `body` with all elements of a contiguous tensor, without copying them.
    ///
    /// The span is a part of the mapped file. Only when the bytes there are misaligned, in another
    /// order than the machine's, or to be conjugated or negated (`torch.Tensor.is_conj()`), it is a
    /// temporary copy. It must not be used after `body` returns. The Python counterpart is
    /// `tensor.numpy()`.
    ///
    /// - Parameters:
    ///   - type: A type that represents the tensor's dtype exactly.
    ///   - body: What to do with the elements.
    /// - Returns: What `body` returns.
    /// - Throws: ``CheckpointError/Code/dtypeMismatch`` when `type` is not one of the dtype's, or
    ///   not plain numbers (``TensorElement``); ``CheckpointError/Code/notContiguous``;
    ///   ``CheckpointError/Code/inconvertible`` when a byte of a `bool` tensor is neither 0 nor 1;
    ///   what `body` throws.
    /// - Complexity: O(1), O(``elementCount``) for `Bool` and when a copy is made.
    public func withElements<Element: TensorElement, Result>(
        of type: Element.Type, _ body: (Span<Element>) throws -> Result
    ) throws -> Result {
        try checkRepresentation(by: type)
        guard hasData else { throw CheckpointError.noData }
        guard isContiguous else { throw CheckpointError.notContiguous(self) }
        guard elementCount > 0 else { return try body(Span()) }
        guard try transform(to: .native).isIdentity else {
            return try withCopiedElements(body)
        }
        return try unsafe withStoredBytes { stored in
            if dtype == .bool { try unsafe checkBooleans(stored) }
            guard unsafe stored.isAligned(for: type) else { return try withCopiedElements(body) }
            return try unsafe body(Span(_unsafeElements: stored.bindMemory(to: type)))
        }
    }

    /// A copy of the elements in row-major order.
    ///
    /// Any layout will do: `let weights: [Float] = try tensor.array()`. A byte of a `bool` tensor
    /// that is not 0 is true. The Python counterpart is `tensor.flatten().tolist()`.
    ///
    /// - Parameter type: A type that represents the tensor's dtype exactly; for any other type use
    ///   ``array(converting:)``.
    /// - Returns: As many values as the tensor has elements.
    /// - Throws: ``CheckpointError/Code/dtypeMismatch`` when `type` is not one of the dtype's, or
    ///   not plain numbers (``TensorElement``); ``CheckpointError/Code/limitExceeded`` when a small
    ///   storage claims a huge result.
    /// - Complexity: O(``elementCount``).
    public func array<Element: TensorElement>(
        of type: Element.Type = Element.self
    ) throws -> [Element] {
        try checkRepresentation(by: type)
        try checkResultSize(byteCount)
        return try unsafe Array(unsafeUninitializedCapacity: elementCount) { buffer, initialized in
            let room = unsafe UnsafeMutableRawBufferPointer(
                start: buffer.baseAddress, count: byteCount)
            try unsafe writeElements(into: room)
            initialized = elementCount
        }
    }

    /// The only element of a tensor that has one, as `torch.Tensor.item()`.
    ///
    /// - Parameter type: A type that represents the tensor's dtype exactly.
    /// - Returns: The element.
    /// - Throws: ``CheckpointError/Code/shapeMismatch`` when there is not exactly one element;
    ///   ``CheckpointError/Code/dtypeMismatch`` when `type` is not one of the dtype's, or not plain
    ///   numbers (``TensorElement``).
    public func item<Element: TensorElement>(
        as type: Element.Type = Element.self
    ) throws -> Element {
        try checkSingle()
        guard let element = try array(of: type).first else { throw CheckpointError.notSingle(self) }
        return element
    }
}

extension Tensor {
    /// Fills `room` with the elements as Swift values: in native order, and each `bool` as 0 or 1.
    func writeElements(into room: UnsafeMutableRawBufferPointer) throws(CheckpointError) {
        try unsafe writeRowMajor(into: room, byteOrder: .native)
        guard dtype == .bool else { return }
        for index in room.indices where unsafe room[index] > 1 { unsafe room[index] = 1 }
    }

    private func withCopiedElements<Element: TensorElement, Result>(
        _ body: (Span<Element>) throws -> Result
    ) throws -> Result {
        let copy = try unsafe ByteOwner(allocating: byteCount) { (room) throws(CheckpointError) in
            try unsafe writeElements(into: room)
        }
        return try unsafe ByteRegion(copy).withUnsafeBytes { bytes in
            try unsafe body(Span(_unsafeElements: bytes.bindMemory(to: Element.self)))
        }
    }

    // Another byte in a Bool is undefined behaviour.
    private func checkBooleans(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        guard let index = unsafe bytes.firstIndex(where: { $0 > 1 }) else { return }
        let byte = unsafe bytes[index]
        throw CheckpointError(
            .inconvertible, "element \(index) of a bool tensor is the byte \(byte)",
            advice: "array(of: Bool.self) takes every byte other than 0 as true")
    }

    func checkSingle() throws(CheckpointError) {
        guard elementCount == 1 else { throw .notSingle(self) }
    }

    private func checkRepresentation<Element: TensorElement>(
        by type: Element.Type
    ) throws(CheckpointError) {
        guard type.dtypes.contains(dtype) else {
            let elementType = dtype.elementTypeName.map { "\($0), or " } ?? ""
            throw CheckpointError(
                .dtypeMismatch,
                "a \(dtype) tensor was asked for as \(type), which represents "
                    + type.dtypes.map(\.rawValue).joined(separator: ", "),
                advice: "Use \(elementType)array(converting: \(type).self)")
        }
        try type.checkMemory(of: dtype)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isAligned<Element>(for type: Element.Type) -> Bool {
        UInt(bitPattern: baseAddress) % UInt(MemoryLayout<Element>.alignment) == 0
    }
}

extension CheckpointError {
    static func notSingle(_ tensor: Tensor) -> CheckpointError {
        CheckpointError(
            .shapeMismatch,
            "one element was asked for, but a tensor of shape \(tensor.shape) has "
                + "\(tensor.elementCount)",
            advice: "array(of:) gives all")
    }

    fileprivate static func notContiguous(_ tensor: Tensor) -> CheckpointError {
        CheckpointError(
            .notContiguous,
            "the elements of a tensor of shape \(tensor.shape) and strides \(tensor.strides) do not "
                + "lie one after the other",
            advice: "array(of:) copies them in order")
    }
}

extension DType {
    /// The name of the Swift type that represents an element, or nil when this platform has none.
    fileprivate var elementTypeName: String? {
        switch self {
        case .float64: "Double"
        case .float32: "Float"
        case .float16: Self.hasFloat16 ? "Float16" : nil
        case .bfloat16: "BFloat16"
        case .float8E5M2: "Float8E5M2"
        case .float8E4M3FN: "Float8E4M3FN"
        case .float8E5M2FNUZ: "Float8E5M2FNUZ"
        case .float8E4M3FNUZ: "Float8E4M3FNUZ"
        case .float8E8M0FNU: "Float8E8M0FNU"
        case .float4E2M1FNx2: "Float4E2M1FNx2"
        case .int64: "Int64"
        case .int32, .qint32: "Int32"
        case .int16: "Int16"
        case .int8, .qint8: "Int8"
        case .uint64: "UInt64"
        case .uint32: "UInt32"
        case .uint16, .bits16: "UInt16"
        case .bool: "Bool"
        case .complex32: Self.hasFloat16 ? "Complex<Float16>" : nil
        case .complex64: "Complex<Float>"
        case .complex128: "Complex<Double>"
        case .uint8, .quint8, .quint4x2, .quint2x4, .bits1x8, .bits2x4, .bits4x2, .bits8: "UInt8"
        }
    }

    // Intel Macs lack the type.
    private static var hasFloat16: Bool {
        #if os(macOS) && arch(x86_64)
            false
        #else
            true
        #endif
    }
}
