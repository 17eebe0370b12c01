import ByteIO

extension GraphEmitter {
    mutating func saveText(_ id: NodeID) {
        if let character = sharedCharacter(id) {
            memo[id] = writeCharacter(character)
        } else {
            graph.withBytes(of: id) { writer.writeText($0) }
            memoise(id)
        }
    }

    // Python has each text of one Latin-1 character once when it reads it from a pickle, so that it
    // is the same object as the one that stands for a `bytes` of one byte. Pickles that have no
    // `bytes` keep their texts apart as they are.
    private func sharedCharacter(_ id: NodeID) -> UInt8? {
        guard graph.protocolVersion > 2 else { return nil }
        return graph.withBytes(of: id) { $0.latin1Character }
    }

    private mutating func writeCharacter(_ character: UInt8) -> Int32 {
        if let slot = memo[.character(character)] {
            writer.writeGet(slot)
            return slot
        }
        let slot = writeOwnText(String(UnicodeScalar(character)))
        memo[.character(character)] = slot
        return slot
    }

    /// Writes a text that is not in the graph.
    @discardableResult mutating func writeOwnText(_ text: String) -> Int32 {
        writer.writeText(text)
        return put()
    }

    /// Bytes are `_codecs.encode(text, "latin1")`, and no bytes are `bytes()`.
    mutating func saveBytes(_ id: NodeID) throws(CheckpointError) {
        if graph.contents.nodes[id.index].count == 0 {
            try writeOwnGlobal(.bytes)
            writer.write(.emptyTuple)
            writer.write(.reduce)
        } else {
            try writeEncodedBytes(of: id)
        }
        memoise(id)
    }

    /// A bytearray is its class called with bytes that are made for that.
    mutating func saveByteArray(_ id: NodeID) throws(CheckpointError) {
        try writeOwnGlobal(.byteArray)
        if graph.contents.nodes[id.index].count == 0 {
            writer.write(.emptyTuple)
        } else {
            try writeEncodedBytes(of: id)
            put()
            writer.writeTuple(1)
            put()
        }
        writer.write(.reduce)
        memoise(id)
    }

    private mutating func writeEncodedBytes(of id: NodeID) throws(CheckpointError) {
        try writeOwnGlobal(.encode)
        let contents = graph.withBytes(of: id, Array.init(copying:))
        if contents.count == 1 {
            _ = writeCharacter(contents[0])
        } else {
            try writeText(contents.latin1AsUTF8)
        }
        if let slot = memo[.latin1] {
            writer.writeGet(slot)
        } else {
            memo[.latin1] = writeOwnText("latin1")
        }
        writer.writeTuple(2)
        put()
        writer.write(.reduce)
    }
}

extension GraphEmitter {
    private mutating func writeText(_ text: [UInt8]) throws(CheckpointError) {
        guard UInt32(exactly: text.count) != nil else {
            throw CheckpointError(
                .limitExceeded,
                "bytes that are \(text.count) bytes as text can't be written; protocol 2 has "
                    + "less than 4 GiB",
                advice: "Split them, or save them as a tensor of uint8")
        }
        unsafe writer.writeText(text.span.bytes)
        put()
    }
}

extension RawSpan {
    /// The character when these are the UTF-8 bytes of a single one below 256.
    fileprivate var latin1Character: UInt8? {
        switch byteCount {
        case 1: return byte(at: 0)
        case 2 where byte(at: 0) & 0xFC == 0xC0: return byte(at: 0) << 6 | byte(at: 1) & 0x3F
        default: return nil
        }
    }
}

extension Array<UInt8> {
    /// The UTF-8 form of these Latin-1 characters.
    fileprivate var latin1AsUTF8: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + count / 2)
        for byte in self {
            if byte < 0x80 {
                result.append(byte)
            } else {
                result.append(0xC0 | byte >> 6)
                result.append(0x80 | byte & 0x3F)
            }
        }
        return result
    }
}
