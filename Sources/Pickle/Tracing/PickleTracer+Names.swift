import ByteIO

extension PickleTracer {
    mutating func pushText(_ instruction: Instruction) {
        guard let text = TracedText(instruction) else { return stack.append(.other) }
        if text.beginsLikeFile(in: bytes) { trace.literals.append(text) }
        texts.append(text)
        stack.append(TracedValue(.text, texts.count - 1))
    }

    mutating func pushGlobal(_ instruction: Instruction) {
        guard let module = line(instruction.text), let name = line(instruction.secondText) else {
            return pushUnnamed(instruction)
        }
        push(module: module, name: name, instruction)
    }

    mutating func pushStackGlobal(_ instruction: Instruction) {
        let name = pop(instruction)
        let module = pop(instruction)
        guard name.kind == .text, module.kind == .text else {
            note(.computedName, at: instruction.offset)
            return stack.append(.computed)
        }
        let texts = TextPair(module: module.index, name: name.index)
        if let known = mentionsOfTexts[texts] { return push(TracedValue(.global, known)) }
        guard let module = string(ofText: module), let name = string(ofText: name) else {
            return pushUnnamed(instruction)
        }
        let index = mention(module: module, name: name, instruction)
        if mentionsOfTexts.count < Self.mostKnown { mentionsOfTexts[texts] = index }
        push(TracedValue(.global, index))
    }

    private mutating func push(module: String, name: String, _ instruction: Instruction) {
        push(TracedValue(.global, mention(module: module, name: name, instruction)))
    }

    private mutating func mention(
        module: String, name: String, _ instruction: Instruction
    ) -> Int {
        nameBudget -= module.utf8.count + name.utf8.count + Self.nameCost
        let global = GlobalName(module: module, name: name)
        if let known = names[global] { return known }
        trace.mentions.append(PickleTrace.Mention(name: global, offset: instruction.offset))
        let index = trace.mentions.count - 1
        names[global] = index
        if global.python3 == Self.getattr { attributeLookups[index] = (0, 0) }
        return index
    }

    /// Stands for a class whose name is too long to be one, or is no UTF-8, which Python refuses.
    private mutating func pushUnnamed(_ instruction: Instruction) {
        note(.longName, at: instruction.offset)
        stack.append(.computed)
    }

    mutating func pushExtension(_ instruction: Instruction) {
        note(.extensionCode, at: instruction.offset)
        stack.append(.computed)
    }

    private func line(_ range: Range<Int>) -> String? {
        guard range.count <= limits.nameBytes else { return nil }
        return String(validatingUTF8: bytes.extracting(range))
    }

    // One text can be the name of any number of classes, so its string is made once.
    private mutating func string(ofText value: TracedValue) -> String? {
        if let known = strings[value.index] { return known }
        let text = texts[value.index]
        nameBudget -= text.range.count
        guard text.range.count <= limits.nameBytes.multipliedCapped(by: Self.longestEscape),
            let name = text.nameBytes(in: bytes), name.count <= limits.nameBytes,
            let string = String(validating: name, as: UTF8.self)
        else { return nil }
        if strings.count < Self.mostKnown { strings[value.index] = string }
        return string
    }

    private static let mostKnown = 1 << 16
    /// What looking up a name costs besides, in bytes of it.
    private static let nameCost = 48

    /// As many bytes as one byte of a name can have as an escape: `\U0000006f`.
    private static let longestEscape = 10

    mutating func makeInstance(_ instruction: Instruction) {
        takeMarked(instruction)
        pushGlobal(instruction)
        pushResult(of: pop(instruction), instruction)
    }

    mutating func makeObject(_ instruction: Instruction) {
        let items = takeMarked(instruction)
        if items.count == 0 { note(.fault, at: instruction.offset) }
        pushResult(of: items.first, instruction)
    }

    mutating func call(_ instruction: Instruction, argumentCount: Int) {
        drop(argumentCount - 1, instruction)
        let arguments = pop(instruction)
        let callable = pop(instruction)
        guard !lookUp(callable, arguments, instruction) else { return }
        pushResult(of: callable, instruction)
    }

    /// Follows `getattr(object, "name")`, by which protocol 2 names a class inside a class.
    ///
    /// - Returns: Whether it is that, with a name that is a text of the pickle.
    private mutating func lookUp(
        _ callable: TracedValue, _ arguments: TracedValue, _ instruction: Instruction
    ) -> Bool {
        guard callable.kind == .global, attributeLookups[callable.index] != nil,
            arguments.kind == .tuple
        else { return false }
        let (object, attribute) = tuples[arguments.index]
        guard attribute.kind == .text, let attribute = string(ofText: attribute) else {
            return false
        }
        let owner = ownerName(of: object)
        let path = owner.name + "." + attribute
        guard path.utf8.count <= Self.longestPath else { return false }
        attributeLookups[callable.index]?.resolved += 1
        trace.mentions[callable.index].uses.insert(.called)
        push(module: owner.module, name: path, instruction)
        return true
    }

    /// What an attribute is looked up in; `builtins.object` for what has no name.
    private func ownerName(of object: TracedValue) -> GlobalName {
        switch object.kind {
        case .global: return trace.mentions[object.index].name
        case .result:
            let name = trace.mentions[object.index].name
            return GlobalName(module: name.module, name: name.name + "()")
        default: return GlobalName(module: "builtins", name: "object")
        }
    }

    private static let getattr = GlobalName(module: "builtins", name: "getattr")
    // Each lookup makes a name that is as long as all before it together.
    private static let longestPath = 256

    private mutating func pushResult(of callable: TracedValue, _ instruction: Instruction) {
        trace.hasCalls = true
        guard callable.kind == .global else {
            note(.computedCall, at: instruction.offset)
            return stack.append(.computed)
        }
        trace.mentions[callable.index].uses.insert(.called)
        stack.append(TracedValue(.result, callable.index))
    }

    mutating func build(_ instruction: Instruction) {
        _ = pop(instruction)
        let target = top(instruction)
        guard target.kind == .global || target.kind == .result else { return }
        trace.mentions[target.index].uses.insert(.built)
    }
}
