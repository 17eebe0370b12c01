package import ByteIO

extension PickleGraph {
    /// The bytes of a text, byte string or `bytes`: those of the pickle itself where they are in it
    /// as they are, else a copy.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``.
    package func region(of id: NodeID) throws(CheckpointError) -> ByteRegion {
        let node = contents.nodes[id.index]
        guard node.kind.hasBytes else { return ByteRegion() }
        if node.payload & PackedNode.appendixFlag != 0 {
            return try ByteRegion(copying: withBytes(of: id) { Array(copying: $0) })
        }
        return try contents.source.slice(at: node.index, count: Int(node.count))
    }

    /// The bytes of a `str` in Latin-1, or the first of them; nil when it is no `str` or has other
    /// characters.
    ///
    /// - Complexity: O(*n*) in the length, or in `count`.
    package func latin1Bytes(ofText id: NodeID, first count: Int = .max) -> [UInt8]? {
        guard kind(of: id) == .text else { return nil }
        return withBytes(of: id) { $0.latin1FromUTF8(first: count) }
    }

    /// Whether `id` is a `str` of characters up to U+00FF.
    ///
    /// - Complexity: O(*n*) in the length.
    package func isLatin1(_ id: NodeID) -> Bool {
        guard kind(of: id) == .text else { return false }
        return withBytes(of: id) { $0.isLatin1InUTF8 }
    }
}

extension RawSpan {
    /// Whether UTF-8 has no character above U+00FF: those begin with a byte above 0xC3.
    fileprivate var isLatin1InUTF8: Bool {
        for index in 0..<byteCount where byte(at: index) > 0xC3 { return false }
        return true
    }

    /// The characters of UTF-8 as one byte each, or the first of them; nil when one is above U+00FF.
    package func latin1FromUTF8(first count: Int = .max) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(Swift.min(count, byteCount))
        var index = 0
        while index < byteCount, result.count < count {
            let lead = byte(at: index)
            index += 1
            if lead < 0x80 {
                result.append(lead)
                continue
            }
            guard lead == 0xC2 || lead == 0xC3, index < byteCount else { return nil }
            result.append((lead & 0x03) << 6 | byte(at: index) & 0x3F)
            index += 1
        }
        return result
    }
}
