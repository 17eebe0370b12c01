import ByteIO

extension FileScanner {
    /// Looks for what a record of TorchScript's code does when it is loaded, and to files.
    ///
    /// TorchScript can call no Python, but it has operators that write files.
    mutating func scanCode(_ code: ByteRegion, in place: ScanPlace) {
        let found = ScriptFindings(code.bytes)
        add(runsOnLoad: found.runsOnLoad, writing: found.writing, in: place)
        if found.isOdd {
            report.add(
                .dangerousScript,
                "has a text that does not end, or getattr with a name that is put together: it can "
                    + "be any code", in: place)
        }
    }

    /// Looks for the same in a pickle of instructions, which the interpreter of phones runs.
    mutating func scanBytecode(_ pickle: ByteRegion, in place: ScanPlace) {
        let operators: [StaticString] = ["aten::from_file", "aten::save"]
        add(
            runsOnLoad: pickle.bytes.contains("__setstate__"),
            writing: operators.filter { pickle.bytes.contains($0) }.map { "\($0)" }, in: place)
    }

    private mutating func add(
        runsOnLoad: Bool, writing: some Sequence<String>, in place: ScanPlace
    ) {
        if runsOnLoad {
            report.add(
                .scriptOnLoad, "has __setstate__, which runs when the file is loaded", in: place)
        }
        for name in writing {
            report.add(.dangerousScript, "has \(name), which writes a file", in: place)
        }
    }
}

/// What there is in code of TorchScript that does more than compute.
private struct ScriptFindings {
    /// The operators that write files, whatever they are said to be of.
    private(set) var writing: Set<String> = []
    /// Whether there is a function that runs when the file is loaded.
    private(set) var runsOnLoad = false
    /// Whether an attribute is asked for whose name is no plain text, or a text does not end.
    private(set) var isOdd = false

    init(_ code: RawSpan) {
        var tokens = ScriptTokens(code)
        var lookups = ScriptLookups()
        var owner = AttributeOwner()
        // What a module has itself, if `self` is always one.
        var own: Set<String> = []
        while let token = tokens.next() {
            if case .word(let range) = token {
                let word = code.extracting(range)
                if word.elementsEqual("__setstate__") { runsOnLoad = true }
                if owner.isAny, let name = Self.operation(word) {
                    if owner.isModule { own.insert(name) } else { writing.insert(name) }
                }
            }
            if let name = lookups.name(endedBy: token, in: code),
                let name = Self.operation(code.extracting(name))
            {
                writing.insert(name)
            }
            owner.advance(token, in: code)
        }
        isOdd = lookups.isOdd || tokens.hasOpenText
        if owner.isSelfMade { writing.formUnion(own) }
    }

    private static func operation(_ name: RawSpan) -> String? {
        if name.elementsEqual("from_file") { return "from_file" }
        return name.elementsEqual("save") ? "save" : nil
    }
}

/// What the next word is an attribute of.
private struct AttributeOwner {
    /// Whether it is an attribute.
    private(set) var isAny = false
    /// Whether it is one of `self`, or of an attribute of that.
    var isModule: Bool { isAny && isOfSelf }
    /// Whether anything is made `self`, which then need be no module.
    private(set) var isSelfMade = false

    private var isOfSelf = false
    private var isSelf = false
    /// Whether the last word gives what follows a name: `for` and `as`.
    private var isNaming = false
    private var depth = 0

    mutating func advance(_ token: ScriptTokens.Token, in code: RawSpan) {
        if isSelf, token.isSign("=") || (token.isSign(",") && depth == 0) { isSelfMade = true }
        if token.isSign("(") { depth += 1 }
        if token.isSign(")") { depth -= 1 }
        isSelf = false
        guard case .word(let range) = token else {
            isAny = token.isSign(".")
            isOfSelf = isOfSelf && isAny
            return
        }
        let word = code.extracting(range)
        if !isAny {
            isOfSelf = word.elementsEqual("self")
            isSelf = isOfSelf
            if isSelf, isNaming { isSelfMade = true }
        }
        isNaming = word.elementsEqual("for") || word.elementsEqual("as")
        isAny = false
    }
}

/// The calls of `getattr(object, "name")` that are open, which torch writes for names like `0`.
private struct ScriptLookups {
    /// Whether one is something else.
    private(set) var isOdd = false

    private enum Expected { case opening, name, end }

    private var expected: Expected?
    private var depth = 0
    /// How many parentheses are open inside each.
    private var open: [Int] = []

    /// The name that a token is, if it is the second argument of a lookup.
    mutating func name(endedBy token: ScriptTokens.Token, in code: RawSpan) -> Range<Int>? {
        let before = expected
        expected = nil
        switch (before, token) {
        case (.opening, _) where token.isSign("("): open.append(depth + 1)
        case (.end, _) where token.isSign(")"): break
        case (.name, .text(let range)):
            expected = .end
            isOdd = isOdd || range.contains { code.byte(at: $0) == UInt8(ascii: "\\") }
            return range
        case (nil, _): break
        default: isOdd = true
        }
        advance(token, in: code)
        return nil
    }

    private mutating func advance(_ token: ScriptTokens.Token, in code: RawSpan) {
        if case .word(let range) = token, code.extracting(range).elementsEqual("getattr") {
            expected = .opening
        } else if token.isSign("(") {
            depth += 1
        } else if token.isSign(")") {
            depth -= 1
            if let last = open.last, depth < last { open.removeLast() }
        } else if token.isSign(","), open.last == depth {
            expected = .name
        }
    }
}
