import ByteIO

extension GraphBuilder {
    @inline(__always)
    mutating func push(_ id: NodeID) throws(CheckpointError) {
        try stack.push(id)
    }

    /// Adds an object to the graph and pushes it.
    mutating func pushNode(
        _ node: PackedNode, _ instruction: Instruction
    ) throws(CheckpointError) {
        try stack.push(makeNode(node, instruction))
    }

    mutating func makeNode(
        _ node: PackedNode, _ instruction: Instruction
    ) throws(CheckpointError) -> NodeID {
        guard graph.nodes.count < limits.nodes else {
            throw PickleLimits.exceeded(
                "the pickle has \(graph.nodes.count + 1) objects or more", "nodes", limits.nodes)
        }
        return graph.append(node, at: instruction.offset)
    }

    /// Takes the top object off, which must lie above the innermost mark.
    mutating func pop(_ instruction: Instruction) throws(CheckpointError) -> NodeID {
        guard stack.count > fence, let top = stack.pop() else {
            throw Self.underflow(instruction)
        }
        return top
    }

    /// The top object, which must lie above the innermost mark.
    func top(_ instruction: Instruction) throws(CheckpointError) -> NodeID {
        guard stack.count > fence else { throw Self.underflow(instruction) }
        return stack[stack.count - 1]
    }

    mutating func duplicate(_ instruction: Instruction) throws(CheckpointError) {
        try push(top(instruction))
    }

    @inline(__always)
    mutating func pushMark() throws(CheckpointError) {
        guard marks.count < limits.marks else { throw tooManyMarks() }
        marks.append(UInt32(truncatingIfNeeded: stack.count))
        fence = stack.count
    }

    /// Closes the innermost mark and returns the height of the stack at it.
    mutating func popMark(_ instruction: Instruction) throws(CheckpointError) -> Int {
        guard let height = marks.popLast() else { throw Self.missingMark(instruction) }
        fence = Int(marks.last ?? 0)
        return Int(height)
    }

    /// Takes off all objects above the innermost mark, and the mark.
    mutating func popToMark(_ instruction: Instruction) throws(CheckpointError) -> [NodeID] {
        let height = try popMark(instruction)
        var items: [NodeID] = []
        stack.withObjects(from: height) { items.append(copying: $0) }
        stack.drop(to: height)
        return items
    }

    // As in CPython: POP on a mark that nothing lies above takes the mark.
    mutating func popOrUnmark(_ instruction: Instruction) throws(CheckpointError) {
        if let height = marks.last, Int(height) == stack.count {
            _ = try popMark(instruction)
        } else {
            _ = try pop(instruction)
        }
    }

    @inline(never)
    private func tooManyMarks() -> CheckpointError {
        PickleLimits.exceeded(
            "the pickle has \(marks.count + 1) marks open", "marks", limits.marks)
    }

    @inline(never)
    static func underflow(_ instruction: Instruction) -> CheckpointError {
        CheckpointError(
            .stackUnderflow,
            "\(instruction.opcode.pythonName) takes an object, but there is none above the mark",
            offset: instruction.offset)
    }

    @inline(never)
    static func missingMark(_ instruction: Instruction) -> CheckpointError {
        CheckpointError(
            .missingMark, "\(instruction.opcode.pythonName) goes back to a mark, but none is set")
    }

    @inline(never)
    func unexpected(_ id: NodeID, for instruction: Instruction) -> CheckpointError {
        CheckpointError(
            .unexpectedObject,
            "\(instruction.opcode.pythonName) can't be used on an object of kind "
                + "\(graph.kind(of: id))")
    }
}
