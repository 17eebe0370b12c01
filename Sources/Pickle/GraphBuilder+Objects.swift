import ByteIO

extension GraphBuilder {
    mutating func pushGlobal(_ instruction: Instruction) throws(CheckpointError) {
        try pushGlobal(
            module: nameLine(instruction.text), name: nameLine(instruction.secondText), instruction)
    }

    mutating func pushStackGlobal(_ instruction: Instruction) throws(CheckpointError) {
        let name = try pop(instruction)
        let module = try pop(instruction)
        try pushGlobal(
            module: symbol(module, instruction), name: symbol(name, instruction), instruction)
    }

    // One text of the pickle can be the module of any number of globals, so the string is made once
    // and its length is limited: otherwise a small file could ask for any amount of memory.
    private mutating func symbol(
        _ id: NodeID, _ instruction: Instruction
    ) throws(CheckpointError) -> String {
        if let known = symbols[id] { return known }
        try checkNameLength(graph.withBytes(of: id) { $0.byteCount })
        guard let text = graph.string(id) else { throw unexpected(id, for: instruction) }
        symbols[id] = text
        return text
    }

    private func checkNameLength(_ count: Int) throws(CheckpointError) {
        guard count <= limits.nameBytes else {
            throw PickleLimits.exceeded(
                "the name of a class or function has \(count) bytes", "nameBytes",
                limits.nameBytes)
        }
    }

    private mutating func pushGlobal(
        module: String, name: String, _ instruction: Instruction
    ) throws(CheckpointError) {
        let global = GlobalName(module: module, name: name)
        if let known = graph.globals[global] { return try push(known) }
        graph.names.append(global)
        let id = try makeNode(PackedNode(.global, index: graph.names.count - 1), instruction)
        graph.globals[global] = id
        try push(id)
    }

    private func nameLine(_ range: Range<Int>) throws(CheckpointError) -> String {
        try checkNameLength(range.count)
        guard let name = String(validatingUTF8: bytes.extracting(range)) else {
            throw CheckpointError(.malformedPickle, "the name of a class or function is not UTF-8")
        }
        return name
    }

    mutating func pushExtension(_ instruction: Instruction) throws(CheckpointError) {
        guard instruction.number > 0, instruction.number <= UInt64(Int32.max) else {
            throw CheckpointError(
                .malformedPickle, "\(instruction.number) is not a code of the extension registry")
        }
        try pushNode(PackedNode(.extension, payload: instruction.number), instruction)
        graph.hasExtensions = true
    }

    mutating func construct(
        _ construction: ReducedObject.Construction, _ instruction: Instruction
    ) throws(CheckpointError) {
        let arguments = try pop(instruction)
        let callable = try pop(instruction)
        try pushObject(construction, callable, arguments, instruction)
    }

    mutating func constructWithKeywords(_ instruction: Instruction) throws(CheckpointError) {
        let keywords = try pop(instruction)
        guard isKeywords(keywords) else { throw unexpected(keywords, for: instruction) }
        try construct(.newObjectEx, instruction)
        graph.objects[graph.objects.count - 1].keywordArguments = keywords
    }

    mutating func constructInstance(_ instruction: Instruction) throws(CheckpointError) {
        try pushMarkedTuple(.tuple, instruction)
        let arguments = try pop(instruction)
        try pushGlobal(instruction)
        try pushObject(.instance, pop(instruction), arguments, instruction)
    }

    mutating func constructObject(_ instruction: Instruction) throws(CheckpointError) {
        guard let height = marks.last.map({ Int($0) }) else { throw Self.missingMark(instruction) }
        guard height < stack.count else { throw Self.underflow(instruction) }
        let callable = stack.remove(at: height)
        try pushMarkedTuple(.tuple, instruction)
        try pushObject(.instance, callable, pop(instruction), instruction)
    }

    // Python needs a callable and a tuple, and nothing else can stand for them in a checkpoint that
    // some Python reads.
    private mutating func pushObject(
        _ construction: ReducedObject.Construction, _ callable: NodeID, _ arguments: NodeID,
        _ instruction: Instruction
    ) throws(CheckpointError) {
        guard isCallable(callable) else { throw unexpected(callable, for: instruction) }
        guard isArguments(arguments) else { throw unexpected(arguments, for: instruction) }
        graph.objects.append(
            ObjectRecord(construction: construction, callable: callable, arguments: arguments))
        try pushNode(PackedNode(.object, index: graph.objects.count - 1), instruction)
    }

    private func isCallable(_ id: NodeID) -> Bool {
        switch graph.kind(of: id) {
        case .global, .object, .extension, .persistent: true
        default: false
        }
    }

    // An object may stand for the arguments: a namedtuple or torch.Size is a tuple too.
    private func isArguments(_ id: NodeID) -> Bool {
        let kind = graph.kind(of: id)
        return kind == .tuple || kind == .object
    }

    private func isKeywords(_ id: NodeID) -> Bool {
        let kind = graph.kind(of: id)
        return kind == .dictionary || kind == .object
    }

    mutating func build(_ instruction: Instruction) throws(CheckpointError) {
        let state = try pop(instruction)
        let target = try top(instruction)
        let node = graph.nodes[target.index]
        guard node.kind == .object else { throw unexpected(target, for: instruction) }
        let states = graph.sequence(at: \.states, of: node.index)
        graph.sequences[states].append(state)
    }

    mutating func pushPersistent(_ instruction: Instruction) throws(CheckpointError) {
        try pushPersistent(pop(instruction), instruction)
    }

    mutating func pushPersistentText(_ instruction: Instruction) throws(CheckpointError) {
        try pushLine(instruction)
        try pushPersistent(instruction)
    }

    private mutating func pushPersistent(
        _ identifier: NodeID, _ instruction: Instruction
    ) throws(CheckpointError) {
        let node = PackedNode(
            .persistent, count: graph.persistentLoads.count, index: identifier.index)
        let id = try makeNode(node, instruction)
        graph.persistentLoads.append(id)
        try push(id)
    }
}
