import ByteIO

extension GraphBuilder {
    mutating func pushTuple(
        of count: Int, _ instruction: Instruction
    ) throws(CheckpointError) {
        guard stack.count - fence >= count else { throw Self.underflow(instruction) }
        try pushTuple(.tuple, from: stack.count - count, instruction)
    }

    mutating func pushMarkedTuple(
        _ kind: PickleKind, _ instruction: Instruction
    ) throws(CheckpointError) {
        let height = try popMark(instruction)
        try pushTuple(kind, from: height, instruction)
    }

    /// Replaces the objects from `height` up by a tuple or frozenset of them.
    private mutating func pushTuple(
        _ kind: PickleKind, from height: Int, _ instruction: Instruction
    ) throws(CheckpointError) {
        let start = graph.tupleItems.count
        let count = stack.count - height
        stack.withObjects(from: height) { graph.tupleItems.append(copying: $0) }
        stack.drop(to: height)
        guard count > 0 || kind == .frozenSet else { return try push(.emptyTuple) }
        try pushNode(PackedNode(kind, count: count, index: start), instruction)
    }

    mutating func pushContainer(
        _ kind: PickleKind, _ items: [NodeID], _ instruction: Instruction
    ) throws(CheckpointError) {
        graph.sequences.append(items)
        try pushNode(PackedNode(kind, index: graph.sequences.count - 1), instruction)
    }

    mutating func pushMarkedDictionary(_ instruction: Instruction) throws(CheckpointError) {
        let entries = try popToMark(instruction)
        try checkEven(entries.count, instruction)
        try pushContainer(.dictionary, entries, instruction)
    }

    mutating func appendItem(_ instruction: Instruction) throws(CheckpointError) {
        let item = try pop(instruction)
        let list = try itemsIndex(of: top(instruction), instruction)
        graph.sequences[list].append(item)
    }

    mutating func appendItems(_ instruction: Instruction) throws(CheckpointError) {
        let height = try popMark(instruction)
        defer { stack.drop(to: height) }
        let list = try itemsIndex(of: object(below: height, instruction), instruction)
        stack.withObjects(from: height) { graph.sequences[list].append(copying: $0) }
    }

    mutating func setItem(_ instruction: Instruction) throws(CheckpointError) {
        let value = try pop(instruction)
        let key = try pop(instruction)
        let dictionary = try entriesIndex(of: top(instruction), instruction)
        graph.sequences[dictionary].append(key)
        graph.sequences[dictionary].append(value)
    }

    mutating func setItems(_ instruction: Instruction) throws(CheckpointError) {
        let height = try popMark(instruction)
        defer { stack.drop(to: height) }
        try checkEven(stack.count - height, instruction)
        let dictionary = try entriesIndex(of: object(below: height, instruction), instruction)
        stack.withObjects(from: height) { graph.sequences[dictionary].append(copying: $0) }
    }

    mutating func addItems(_ instruction: Instruction) throws(CheckpointError) {
        let height = try popMark(instruction)
        defer { stack.drop(to: height) }
        let id = try object(below: height, instruction)
        guard graph.kind(of: id) == .set else { throw unexpected(id, for: instruction) }
        let set = graph.nodes[id.index].index
        stack.withObjects(from: height) { graph.sequences[set].append(copying: $0) }
    }

    private func object(
        below height: Int, _ instruction: Instruction
    ) throws(CheckpointError) -> NodeID {
        guard height > fence else { throw Self.underflow(instruction) }
        return stack[height - 1]
    }

    private func checkEven(_ count: Int, _ instruction: Instruction) throws(CheckpointError) {
        guard count % 2 == 0 else {
            throw CheckpointError(
                .malformedPickle,
                "\(instruction.opcode.pythonName) takes keys and values, but finds \(count) objects"
            )
        }
    }

    /// The place of what a container of `kind` holds, or an object that is filled like one.
    private mutating func contentsIndex(
        of id: NodeID, _ kind: PickleKind, _ part: WritableKeyPath<ObjectRecord, Int32>,
        _ instruction: Instruction
    ) throws(CheckpointError) -> Int {
        let node = graph.nodes[id.index]
        switch node.kind {
        case kind: return node.index
        case .object: return graph.sequence(at: part, of: node.index)
        default: throw unexpected(id, for: instruction)
        }
    }

    private mutating func itemsIndex(
        of id: NodeID, _ instruction: Instruction
    ) throws(CheckpointError) -> Int {
        try contentsIndex(of: id, .list, \.items, instruction)
    }

    private mutating func entriesIndex(
        of id: NodeID, _ instruction: Instruction
    ) throws(CheckpointError) -> Int {
        try contentsIndex(of: id, .dictionary, \.entries, instruction)
    }
}
