import ByteIO

extension FileScanner {
    /// Looks for what a record of TorchScript's code does when it is loaded, and to files.
    ///
    /// TorchScript can call no Python, but it has operators that write files.
    mutating func scanCode(_ code: ByteRegion, in place: ScanPlace) {
        let found = ScriptFindings(code.bytes)
        if found.runsOnLoad {
            report.add(
                .scriptOnLoad, "has __setstate__, which runs when the file is loaded", in: place)
        }
        for name in found.writing {
            report.add(.dangerousScript, "has \(name), which writes a file", in: place)
        }
        if found.computesNames {
            report.add(
                .dangerousScript, "has getattr with a name that is put together, which can be any",
                in: place)
        }
    }
}

/// What there is in code of TorchScript that does more than compute.
private struct ScriptFindings {
    /// The operators that write files, whatever they are said to be of.
    private(set) var writing: Set<String> = []
    /// Whether there is a function that runs when the file is loaded.
    private(set) var runsOnLoad = false
    /// Whether an attribute is asked for whose name is no plain text.
    private(set) var computesNames = false

    private var lookups = ScriptLookups()

    init(_ code: RawSpan) {
        var tokens = ScriptTokens(code)
        var isBehindDot = false
        while let token = tokens.next() {
            if case .word(let range) = token {
                let word = code.extracting(range)
                if word.elementsEqual("__setstate__") { runsOnLoad = true }
                if isBehindDot { takeAttribute(word) }
            }
            if let name = lookups.name(endedBy: token, in: code) {
                takeAttribute(code.extracting(name))
            }
            isBehindDot = token.isSign(".")
        }
        computesNames = lookups.isOdd
    }

    private mutating func takeAttribute(_ name: RawSpan) {
        for operation in ["from_file", "save"] as [StaticString]
        where name.elementsEqual(operation) { writing.insert("\(operation)") }
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
