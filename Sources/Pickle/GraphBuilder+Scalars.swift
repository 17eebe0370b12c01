import BigInt
import ByteIO

extension GraphBuilder {
    mutating func pushInteger(_ instruction: Instruction) throws(CheckpointError) {
        try pushInteger(Int64(bitPattern: instruction.number), instruction)
    }

    private mutating func pushInteger(
        _ value: Int64, _ instruction: Instruction
    ) throws(CheckpointError) {
        if 0..<256 ~= value { return try push(NodeID(index: NodeID.smallIntegers + Int(value))) }
        try pushNode(PackedNode(.integer, payload: UInt64(bitPattern: value)), instruction)
    }

    mutating func pushLong(_ instruction: Instruction) throws(CheckpointError) {
        let text = instruction.text
        guard text.count > 8 else { return try pushInteger(shortLong(text), instruction) }
        guard text.count <= limits.integerBytes else {
            throw PickleLimits.exceeded(
                "an integer has \(text.count) bytes", "integerBytes", limits.integerBytes)
        }
        let value = BigInt(twosComplement: bytes.extracting(text))
        if let small = Int64(exactly: value) { return try pushInteger(small, instruction) }
        let count = bytes.extracting(text).minimalIntegerByteCount
        try pushNode(PackedNode(.bigInteger, count: count, index: text.lowerBound), instruction)
    }

    private func shortLong(_ range: Range<Int>) -> Int64 {
        var value: Int64 = 0
        for (index, place) in range.enumerated() {
            value |= Int64(bytes.byte(at: place)) << Int64(8 * index)
        }
        let unused = Int64(64 - 8 * range.count)
        return range.isEmpty ? 0 : (value << unused) >> unused
    }

    // INT writes booleans as 01 and 00; LONG writes an L behind the digits. Other forms of a number
    // (signs, leading zeros, white space) mean different things to Python's two unpicklers.
    mutating func pushIntegerText(
        _ instruction: Instruction, allowingBool: Bool
    ) throws(CheckpointError) {
        try checkDigits(instruction)
        var text = line(instruction.text)
        if allowingBool, text == "00" || text == "01" {
            return try push(text == "01" ? .true : .false)
        }
        if !allowingBool, text.hasSuffix("L") { text.removeLast() }
        guard text.isDecimal, let value = BigInt(text) else {
            throw CheckpointError(.malformedPickle, "\(text.excerpt) is not an integer")
        }
        if let small = Int64(exactly: value) { return try pushInteger(small, instruction) }
        try pushOwned(.bigInteger, value.twosComplementBytes, instruction)
    }

    // Before the text is looked at: reading n digits takes time in proportion to n².
    private func checkDigits(_ instruction: Instruction) throws(CheckpointError) {
        let digits = bytes.extracting(instruction.text).decimalDigitCount
        guard digits <= limits.integerDigits else {
            throw PickleLimits.exceeded(
                "an integer has \(digits) digits", "integerDigits", limits.integerDigits)
        }
    }

    mutating func pushFloatText(_ instruction: Instruction) throws(CheckpointError) {
        let text = line(instruction.text)
        guard let value = text.floatingPoint else {
            throw CheckpointError(
                .malformedPickle, "\(text.excerpt) is not a floating-point number")
        }
        try pushNode(PackedNode(.float, payload: value.bitPattern), instruction)
    }

    mutating func pushText(_ instruction: Instruction) throws(CheckpointError) {
        try checkLength(instruction)
        guard bytes.extracting(instruction.text).isPythonText() else {
            throw CheckpointError(.malformedPickle, "a string is not UTF-8")
        }
        try pushView(.text, instruction)
    }

    mutating func pushBytes(
        _ kind: PickleKind, _ instruction: Instruction
    ) throws(CheckpointError) {
        try checkLength(instruction)
        try pushView(kind, instruction)
    }

    // Before it is looked at whether the bytes are text.
    @inline(__always)
    private func checkLength(_ instruction: Instruction) throws(CheckpointError) {
        let count = instruction.text.count
        guard count <= limits.textBytes else { throw tooLong(count) }
    }

    @inline(never)
    private func tooLong(_ count: Int) -> CheckpointError {
        PickleLimits.exceeded("a text has \(count) bytes", "textBytes", limits.textBytes)
    }

    /// Pushes an object whose bytes stay where they are in the pickle.
    @inline(__always)
    private mutating func pushView(
        _ kind: PickleKind, _ instruction: Instruction
    ) throws(CheckpointError) {
        let text = instruction.text
        try pushNode(PackedNode(kind, count: text.count, index: text.lowerBound), instruction)
    }

    mutating func pushLine(_ instruction: Instruction) throws(CheckpointError) {
        try pushText(instruction)
    }

    mutating func pushEscapedText(_ instruction: Instruction) throws(CheckpointError) {
        try checkLength(instruction)
        let line = Array(copying: bytes.extracting(instruction.text))
        try pushOwned(.text, PythonEscapes.decodeText(line), instruction)
    }

    mutating func pushQuotedString(_ instruction: Instruction) throws(CheckpointError) {
        try checkLength(instruction)
        let line = Array(copying: bytes.extracting(instruction.text))
        try pushOwned(.byteString, PythonEscapes.decodeQuoted(line), instruction)
    }

    /// Pushes an object whose bytes are not in the pickle as they are.
    private mutating func pushOwned(
        _ kind: PickleKind, _ contents: [UInt8], _ instruction: Instruction
    ) throws(CheckpointError) {
        try pushNode(graph.ownedNode(kind, contents), instruction)
    }

    func line(_ range: Range<Int>) -> String {
        String(decoding: Array(copying: bytes.extracting(range)), as: UTF8.self)
    }
}

extension String {
    /// Whether it is an integer as Python writes it: no plus sign, no zeros in front, no minus zero.
    var isDecimal: Bool {
        if self == "0" { return true }
        let digits = utf8.first == UInt8(ascii: "-") ? utf8.dropFirst() : utf8[...]
        guard let first = digits.first, digits.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            return false
        }
        return first != UInt8(ascii: "0")
    }

    /// The start of it in quotes, for messages.
    var excerpt: String { count > 40 ? "'\(prefix(40))…'" : "'\(self)'" }

    /// The value of a `float` as Python writes it, which excludes C's hexadecimal ones.
    ///
    /// Digits that stand for more than the largest `float` are infinity to one of Python's
    /// unpicklers and an error to the other, so they are nothing here.
    fileprivate var floatingPoint: Double? {
        if ["inf", "-inf", "nan", "-nan"].contains(self) { return Double(self) }
        guard utf8.allSatisfy({ 0x30...0x39 ~= $0 || ".eE+-".utf8.contains($0) }),
            let value = Double(self), value.isFinite
        else { return nil }
        return value
    }
}

extension RawSpan {
    /// The number of bytes that little-endian two's complement needs, without those at its end that
    /// only repeat the sign.
    fileprivate var minimalIntegerByteCount: Int {
        var count = byteCount
        let fill: UInt8 = count > 0 && byte(at: count - 1) & 0x80 != 0 ? 0xFF : 0
        while count > 1, byte(at: count - 1) == fill, (byte(at: count - 2) ^ fill) & 0x80 == 0 {
            count -= 1
        }
        return count
    }

    fileprivate var decimalDigitCount: Int {
        var count = 0
        for index in 0..<byteCount where 0x30...0x39 ~= byte(at: index) { count += 1 }
        return count
    }
}

extension BigInt {
    /// The shortest little-endian two's complement form, as `LONG1` has it.
    var twosComplementBytes: [UInt8] {
        var bytes: [UInt8] = []
        for word in words {
            for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt(8 * index))) }
        }
        let fill: UInt8 = self < 0 ? 0xFF : 0
        while bytes.count > 1, bytes[bytes.count - 1] == fill,
            (bytes[bytes.count - 2] ^ fill) & 0x80 == 0
        {
            bytes.removeLast()
        }
        return bytes
    }
}
