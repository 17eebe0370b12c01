import ByteIO

// As in CPython, no instruction takes an object from below the innermost mark. Where one is missing,
// something unknown stands for it.
extension PickleTracer {
    private var fence: Int { marks.last.map { Int($0) } ?? 0 }

    /// Pushes an object, and counts it if it is `getattr`.
    mutating func push(_ value: TracedValue) {
        if value.kind == .global { attributeLookups[value.index]?.pushed += 1 }
        stack.append(value)
    }

    mutating func pop(_ instruction: Instruction) -> TracedValue {
        guard stack.count > fence, let top = stack.popLast() else {
            note(.fault, at: instruction.offset)
            return .computed
        }
        return top
    }

    mutating func top(_ instruction: Instruction) -> TracedValue {
        guard stack.count > fence, let top = stack.last else {
            note(.fault, at: instruction.offset)
            return .computed
        }
        return top
    }

    mutating func drop(_ count: Int, _ instruction: Instruction) {
        for _ in 0..<count { _ = pop(instruction) }
    }

    /// Takes objects and pushes one that nothing is known of.
    mutating func replace(_ count: Int, _ instruction: Instruction) {
        drop(count, instruction)
        stack.append(.other)
    }

    /// Takes all objects above the innermost mark, and the mark.
    ///
    /// - Returns: How many they are, and the first two, where they are.
    @discardableResult
    mutating func takeMarked(
        _ instruction: Instruction
    ) -> (count: Int, first: TracedValue, second: TracedValue) {
        guard let height = marks.popLast().map({ Int($0) }) else {
            note(.fault, at: instruction.offset)
            return (0, .computed, .computed)
        }
        let count = stack.count - height
        let first = count > 0 ? stack[height] : .computed
        let second = count > 1 ? stack[height + 1] : .computed
        stack.removeLast(count)
        return (count, first, second)
    }

    mutating func popOrUnmark(_ instruction: Instruction) {
        if let height = marks.last, Int(height) == stack.count {
            marks.removeLast()
        } else {
            _ = pop(instruction)
        }
    }

    /// Puts what is above the mark into the container below it.
    mutating func fill(_ instruction: Instruction) {
        takeMarked(instruction)
        _ = top(instruction)
    }

    mutating func makeTuple(_ count: Int, _ instruction: Instruction) {
        drop(count - 2, instruction)
        let second = pop(instruction)
        push(pop(instruction), second)
    }

    mutating func makeMarkedTuple(_ instruction: Instruction) {
        let items = takeMarked(instruction)
        guard items.count >= 2 else { return stack.append(.other) }
        push(items.first, items.second)
    }

    /// Pushes a tuple that begins with two objects.
    private mutating func push(_ first: TracedValue, _ second: TracedValue) {
        tuples.append((first, second))
        stack.append(TracedValue(.tuple, tuples.count - 1))
    }

    /// Takes a persistent id; the second object of one can be a class that it stands for.
    mutating func replacePersistent(_ instruction: Instruction) {
        let identifier = pop(instruction)
        guard identifier.kind == .tuple, tuples[identifier.index].second.kind == .global else {
            return stack.append(.other)
        }
        push(tuples[identifier.index].second)
    }

    mutating func collect(_ instruction: Instruction) {
        takeMarked(instruction)
        stack.append(.other)
    }

    mutating func fetch(_ instruction: Instruction) {
        guard let slot = slot(of: instruction), let value = memo[slot] else {
            note(.fault, at: instruction.offset)
            return stack.append(.computed)
        }
        push(value)
    }

    mutating func store(_ instruction: Instruction) {
        guard let slot = slot(of: instruction) else {
            return note(.fault, at: instruction.offset)
        }
        memo.store(top(instruction), in: slot)
    }

    private func slot(of instruction: Instruction) -> UInt64? {
        switch instruction.opcode {
        case .get, .put: pythonInteger(instruction.text)
        case .memoize: UInt64(memo.count)
        default: instruction.number
        }
    }

    /// A line as Python's `int` reads it, white space and underscores included, if it is not negative.
    private func pythonInteger(_ line: Range<Int>) -> UInt64? {
        guard line.count <= Self.longestNumber else { return nil }
        var (value, hasDigits) = (UInt64(0), false)
        for place in line {
            switch bytes.byte(at: place) {
            case let byte where 0x30...0x39 ~= byte:
                let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
                let (sum, isLarger) = product.addingReportingOverflow(UInt64(byte - 0x30))
                guard !isLarge, !isLarger else { return nil }
                (value, hasDigits) = (sum, true)
            case UInt8(ascii: "_"), 0x09, 0x0B, 0x0C, 0x0D, 0x20: continue
            case UInt8(ascii: "+") where !hasDigits: continue
            default: return nil
            }
        }
        return hasDigits ? value : nil
    }

    private static let longestNumber = 64
}
