import ByteIO

/// What an expression for a size may be, as SymPy's `eval` gets it: what torch prints of numbers,
/// symbols and its functions of these.
///
/// Nothing else is named, looked up or called, and nothing is given another name. There is no text but
/// the names of symbols: SymPy evaluates texts.
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
        case .word(let range): isSign(place - 1, ".") ? isDecimals(place) : isAllowed(range, place)
        case .sign(UInt8(ascii: "(")): isCallable(place - 1)
        case .sign(let byte): Self.operators.contains(byte)
        }
    }

    private func isAllowed(_ range: Range<Int>, _ place: Int) -> Bool {
        let word = String(decoding: code[range], as: UTF8.self)
        if isSign(place + 1, "(") { return true }
        if isSign(place + 1, "="), !isSign(place + 2, "=") { return isKeyword(place) }
        return isNumber(code[range]) || isSymbol(code[range]) || Self.constants.contains(word)
    }

    /// Whether a word is the name of an argument.
    private func isKeyword(_ place: Int) -> Bool {
        (isSign(place - 1, ",") || isSign(place - 1, "("))
            && word(place)?.utf8.allSatisfy { 0x61...0x7A ~= $0 || $0 == UInt8(ascii: "_") } == true
    }

    private func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        let rest = word.drop(while: isDigit)
        guard rest.startIndex > word.startIndex else { return false }
        return rest.isEmpty
            || rest.first.map { $0 & 0xDF } == 0x45 && rest.dropFirst().allSatisfy(isDigit)
    }

    /// Whether a word is letters and a number, as torch names sizes: `s0`, `u12`, `zf0`.
    private func isSymbol(_ word: ArraySlice<UInt8>) -> Bool {
        let rest = word.drop { 0x61...0x7A ~= $0 }
        return rest.startIndex > word.startIndex && !rest.isEmpty && rest.allSatisfy(isDigit)
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
        return Self.symbols.contains(kind) && !isDigit(first)
            && code[range].allSatisfy(ScriptTokens.isOfWord)
    }

    /// Whether a word behind a point is the rest of a number.
    private func isDecimals(_ place: Int) -> Bool {
        guard case .word(let range) = tokens[place], let before = word(place - 2),
            before.utf8.allSatisfy(isDigit), range.lowerBound >= 2,
            isDigit(code[range.lowerBound - 2])
        else { return false }
        let word = code[range]
        return isNumber(word)
            || word.first.map { $0 & 0xDF } == 0x45 && word.dropFirst().allSatisfy(isDigit)
    }

    /// Whether there may be a parenthesis behind a token: behind a function, or an operator.
    private func isCallable(_ place: Int) -> Bool {
        guard tokens.indices.contains(place) else { return true }
        guard let word = word(place) else {
            if case .text = tokens[place] { return false }
            return !isSign(place, ")")
        }
        return !isSign(place - 1, ".")
            && (Self.functions.contains(word) || Self.families.contains(where: word.hasPrefix))
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

    /// The classes whose first argument is a name, which is not evaluated.
    private static let symbols: Set<String> = ["Dummy", "Symbol", "Wild"]
    private static let numbers: Set<String> = ["Float", "Integer", "Rational"]
    private static let signs = Set("+-.Ee".utf8)

    private static let functions: Set<String> = [
        "Abs", "Add", "And", "BooleanFalse", "BooleanTrue", "CeilDiv", "CeilToInt", "CleanDiv",
        "Dummy", "Eq", "Equality", "Float", "FloatPow", "FloatTrueDiv", "FloorDiv", "FloorToInt",
        "Ge", "GreaterThan", "Gt", "Identity", "Infinity", "IntTrueDiv", "Integer",
        "IsNonOverlappingAndDenseIndicator", "LShift", "Le", "LessThan", "Lt", "Max", "Min", "Mod",
        "ModularIndexing", "Mul", "NaN", "Ne", "NegativeInfinity", "Not", "Or", "Piecewise", "Pow",
        "PowByNatural", "PythonMod", "RShift", "Rational", "RoundDecimal", "RoundToInt",
        "StrictGreaterThan", "StrictLessThan", "Symbol", "ToFloat", "TruncToFloat", "TruncToInt",
        "Unequality", "Where", "Wild", "Xor", "abs", "acos", "asin", "atan", "ceiling", "cos",
        "cosh", "exp", "floor", "log", "log2", "sign", "sin", "sinh", "sqrt", "tan", "tanh",
    ]
    /// How names of functions begin of which there are several.
    private static let families = ["BitwiseFn_", "OpaqueUnaryFn_"]
    private static let constants: Set<String> = [
        "E", "False", "I", "None", "True", "inf", "int_oo", "nan", "oo", "pi", "zoo",
    ]
    private static let operators = Set("()+-*/,.=<>&|~^".utf8)
}
