import ByteIO

/// What an expression for a size may be, as SymPy's `eval` gets it: numbers, symbols, operators,
/// SymPy's classes and some functions.
///
/// No attribute is looked up, and nothing else is called. There is no text but the names of symbols:
/// SymPy evaluates texts.
struct SizeExpression {
    private let code: [UInt8]
    private let tokens: [ScriptTokens.Token]

    /// Whether an expression is no more than that.
    static func isOne(_ code: RawSpan) -> Bool {
        // Neither lines that go on nor comments, nor letters that Python takes for others.
        guard code.isASCII, !code.contains("\\"), !code.contains("#") else { return false }
        let expression = SizeExpression(code)
        return expression.tokens.indices.allSatisfy(expression.isAllowed)
    }

    private init(_ code: RawSpan) {
        self.code = Array(copying: code)
        var (source, tokens) = (ScriptTokens(code), [ScriptTokens.Token]())
        while let token = source.next() { tokens.append(token) }
        self.tokens = tokens
    }

    private func isAllowed(_ place: Int) -> Bool {
        switch tokens[place] {
        case .text: isArgument(place)
        case .word: isSign(place - 1, ".") ? isDecimals(place) : !isBuiltin(place)
        case .sign(UInt8(ascii: "(")): isCallable(place - 1)
        case .sign: true
        }
    }

    /// Whether a text is the first argument of a class of symbols, and a name, or of one of numbers,
    /// and a number.
    private func isArgument(_ place: Int) -> Bool {
        guard isSign(place - 1, "("), let kind = word(place - 2),
            isSign(place + 1, ")") || isSign(place + 1, ","), case .text(let range) = tokens[place],
            let first = code[range].first
        else { return false }
        if Self.numbers.contains(kind) {
            return code[range].allSatisfy { isDigit($0) || Self.signs.contains($0) }
        }
        return Self.symbols.contains(kind) && !isDigit(first) && code[range].allSatisfy(isOfWord)
    }

    /// Whether a word behind a point is the rest of a number.
    private func isDecimals(_ place: Int) -> Bool {
        guard let before = word(place - 2), let word = word(place), let first = word.utf8.first
        else {
            return false
        }
        return before.utf8.allSatisfy(isDigit) && (isDigit(first) || first & 0xDF == 0x45)
    }

    private func isBuiltin(_ place: Int) -> Bool {
        guard let word = word(place) else { return false }
        return word.hasPrefix("__") || Self.builtins.contains(word)
    }

    /// Whether there may be a parenthesis behind a token.
    ///
    /// Functions of Python begin with small letters. One behind what came out of something calls it.
    private func isCallable(_ place: Int) -> Bool {
        guard tokens.indices.contains(place) else { return true }
        guard let word = word(place) else {
            if case .text = tokens[place] { return false }
            return !isSign(place, ")") && !isSign(place, "]") && !isSign(place, "}")
        }
        return word.utf8.first.map { 0x41...0x5A ~= $0 } == true || Self.functions.contains(word)
    }

    private func word(_ place: Int) -> String? {
        guard tokens.indices.contains(place), case .word(let range) = tokens[place] else {
            return nil
        }
        return String(decoding: code[range], as: UTF8.self)
    }

    private func isSign(_ place: Int, _ character: Unicode.Scalar) -> Bool {
        tokens.indices.contains(place) && tokens[place].isSign(character)
    }

    private func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

    private func isOfWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || isDigit(byte) || 0x41...0x5A ~= byte & 0xDF
    }

    /// The classes whose first argument is a name, which is not evaluated.
    private static let symbols: Set<String> = ["Dummy", "Symbol", "Wild"]
    private static let numbers: Set<String> = ["Float", "Integer", "Rational"]
    private static let signs = Set("+-.Ee".utf8)

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

extension RawSpan {
    fileprivate func contains(_ text: StaticString) -> Bool { firstEnd(of: text, from: 0) != nil }
}
