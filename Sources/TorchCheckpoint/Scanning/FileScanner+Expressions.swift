import ByteIO

extension FileScanner {
    /// Looks at the expressions for sizes in a record of torch.export, which Python's `eval` gets.
    mutating func scanProgram(_ program: ByteRegion, in place: ScanPlace) {
        let bytes = program.bytes
        // JSON has other ways to write the key, of which torch uses none.
        if let offset = bytes.firstEnd(ofEscapedLetterFrom: 0) {
            report.add(
                .computedExpression, "a letter is written as its number", in: place, at: offset)
        }
        var position = 0
        while let end = bytes.firstEnd(of: "\"expr_str\"", from: position) {
            position = end
            let expression = bytes.jsonText(from: end)
            guard !expression.isSizeExpression else { continue }
            report.add(
                .computedExpression,
                "\(String(decoding: expression.prefix(80), as: UTF8.self)) is an expression that "
                    + "torch.export.load evaluates", in: place, at: end)
        }
    }
}

extension RawSpan {
    /// The offset behind the first `\u00` of a character that JSON can have as it is.
    fileprivate func firstEnd(ofEscapedLetterFrom start: Int) -> Int? {
        var position = start
        while let end = firstEnd(of: "\\u00", from: position) {
            if end < byteCount, (0x32...0x37).contains(byte(at: end)) { return end }
            position = end
        }
        return nil
    }

    /// The bytes of the text that is the value of a key which ends at an offset, or those up to the
    /// next quote.
    fileprivate func jsonText(from start: Int) -> [UInt8] {
        var position = start
        let quote = UInt8(ascii: "\"")
        while position < byteCount, byte(at: position) != quote { position += 1 }
        position += 1
        var text: [UInt8] = []
        while position < byteCount, byte(at: position) != quote || text.last == 0x5C {
            text.append(byte(at: position))
            position += 1
        }
        return text
    }
}

extension [UInt8] {
    /// Whether it is made of numbers, symbols, operators, SymPy's classes and some functions.
    ///
    /// No attribute is looked up, and nothing else is called. Texts count as code: SymPy evaluates
    /// them.
    fileprivate var isSizeExpression: Bool {
        var word: [UInt8] = []
        var before: UInt8 = 0
        // An operator at the end finishes the last word.
        for byte in self + [0x2B] where byte != 0x20 {
            guard byte != 0x5C else { return false }
            let isLetter = byte == 0x5F || 0x41...0x5A ~= byte & 0xDF || byte >= 0x80
            if isLetter, before == 0x2E, byte & 0xDF != 0x45 { return false }
            if byte == 0x28, Self.endings.contains(before) || !Self.isCallable(word) {
                return false
            }
            if isLetter || 0x30...0x39 ~= byte {
                word.append(byte)
            } else {
                guard !Self.isBuiltin(word) else { return false }
                word = []
            }
            before = byte
        }
        return true
    }

    /// What may stand before a parenthesis that is a call of what came out of something: `)]'"`.
    private static let endings: Set<UInt8> = [0x29, 0x5D, 0x27, 0x22]

    /// Whether what has this name may be called.
    ///
    /// Functions of Python begin with small letters.
    private static func isCallable(_ word: [UInt8]) -> Bool {
        guard let first = word.first else { return true }
        return 0x41...0x5A ~= first || functions.contains(String(decoding: word, as: UTF8.self))
    }

    private static func isBuiltin(_ word: [UInt8]) -> Bool {
        word.starts(with: [0x5F, 0x5F]) || builtins.contains(String(decoding: word, as: UTF8.self))
    }

    private static let functions: Set<String> = [
        "abs", "acos", "asin", "atan", "ceiling", "cos", "cosh", "exp", "floor", "log", "log2",
        "sign", "sin", "sinh", "sqrt", "tan", "tanh",
    ]

    private static let builtins: Set<String> = [
        "breakpoint", "compile", "delattr", "dir", "eval", "exec", "exit", "getattr", "globals",
        "help", "import", "input", "lambda", "lambdify", "locals", "map", "open", "parse_expr",
        "preview", "print", "quit", "setattr", "sympify", "type", "vars",
    ]
}
