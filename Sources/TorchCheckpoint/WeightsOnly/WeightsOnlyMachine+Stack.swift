import ByteIO
import Pickle

// What the pickle was read before for: nothing here is taken from below a mark, and no mark or object
// is missing.
extension WeightsOnlyMachine {
    mutating func pop() throws(CheckpointError) -> PythonValue {
        guard let value = stack.popLast() else { throw Self.underflow }
        return value
    }

    func top() throws(CheckpointError) -> PythonValue {
        guard let value = stack.last else { throw Self.underflow }
        return value
    }

    /// Closes the innermost mark and returns the height of the stack at it.
    mutating func popMark() throws(CheckpointError) -> Int {
        guard let height = marks.popLast(), height <= stack.count else { throw Self.underflow }
        return height
    }

    private static var underflow: CheckpointError {
        CheckpointError(.stackUnderflow, "there is no object for an instruction")
    }

    mutating func addSequence(_ values: [PythonValue] = []) -> UInt32 {
        sequences.append(values)
        return UInt32(truncatingIfNeeded: sequences.count - 1)
    }

    /// Replaces the objects from a height up by a tuple of them.
    mutating func pushTuple(from height: Int) throws(CheckpointError) {
        guard height >= 0, height <= stack.count else { throw Self.underflow }
        let start = items.count
        items.append(contentsOf: stack[height...])
        stack.removeSubrange(height...)
        let isHashable = items[start...].allSatisfy(\.isHashable)
        stack.append(.tuple(PythonValue.Items(start..<items.count, isHashable: isHashable)))
    }

    mutating func append(from height: Int) throws(CheckpointError) {
        guard height > 0 else { throw Self.underflow }
        guard case .list(let number) = stack[height - 1] else {
            throw .refusedByTorch(
                "it appends to lists only, and this is a \(stack[height - 1].typeName)")
        }
        sequences[Int(number)].append(contentsOf: stack[height...])
        stack.removeSubrange(height...)
    }

    mutating func setItems(from height: Int) throws(CheckpointError) {
        guard height > 0 else { throw Self.underflow }
        guard case .dictionary(let number, _) = stack[height - 1] else {
            throw .refusedByTorch(
                "it sets entries of dict, OrderedDict and Counter only, "
                    + "and this is a \(stack[height - 1].typeName)")
        }
        for place in stride(from: height, to: stack.count, by: 2) {
            try checkKey(stack[place])
        }
        sequences[Int(number)].append(contentsOf: stack[height...])
        stack.removeSubrange(height...)
    }

    func checkKey(_ key: PythonValue) throws(CheckpointError) {
        guard key.isHashable else {
            throw .refusedByTorch("a \(key.typeName) can't be a key of a dictionary or in a set")
        }
    }

    mutating func pushLong(_ instruction: Instruction) {
        let value = Self.long(pickle.bytes.extracting(instruction.text))
        stack.append(value)
    }

    private static func long(_ bytes: RawSpan) -> PythonValue {
        var value: Int64 = 0
        let fill: UInt8 =
            bytes.byteCount > 0 && bytes.byte(at: bytes.byteCount - 1) & 0x80 != 0 ? 0xFF : 0
        for index in 0..<8 {
            let byte = index < bytes.byteCount ? bytes.byte(at: index) : fill
            value |= Int64(byte) << Int64(8 * index)
        }
        var isShort = (value < 0) == (fill == 0xFF)
        for index in 8..<max(8, bytes.byteCount) where bytes.byte(at: index) != fill {
            isShort = false
        }
        return isShort ? .integer(Int(value)) : .bigInteger(UInt32(bytes.byteCount))
    }

    mutating func pushByteString(_ instruction: Instruction) throws(CheckpointError) {
        let text = PythonValue.ByteRange(instruction.text)
        guard encoding.decodes(pickle.bytes.extracting(instruction.text)) else {
            throw .refusedByTorch("a string of Python 2 is no text in \(encoding.rawValue)")
        }
        stack.append(encoding == .bytes ? .bytes(text) : .text(text))
    }

    /// Whether a value is a `str` or `bytes` of a text.
    func isText(_ value: PythonValue, _ expected: StaticString) -> Bool {
        switch value {
        case .text(let text), .bytes(let text):
            pickle.bytes.extracting(text.range).elementsEqual(expected)
        default: false
        }
    }

    /// The text of a short `str`; nil for anything else.
    func string(_ value: PythonValue) -> String? {
        guard case .text(let text) = value, text.range.count <= 1024 else { return nil }
        return String(validatingUTF8: pickle.bytes.extracting(text.range))
    }

    /// Counts the elements of containers that are looked at.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when a pickle has the same ones looked at over
    ///   and over.
    mutating func spend(_ count: Int) throws(CheckpointError) {
        budget -= count
        guard budget >= 0 else {
            throw CheckpointError(
                .limitExceeded, "calls go through the same elements too often",
                advice: "The file may have been made to take forever")
        }
    }
}
