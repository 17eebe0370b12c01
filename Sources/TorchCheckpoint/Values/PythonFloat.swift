/// Floating-point numbers as Python and NumPy show them.
enum PythonFloat {
    /// How many bits a number has in the file.
    enum Width {
        case half, single, double
    }

    /// The shortest text that reads as the number; what is below 1e-4 or has more digits before the
    /// point than the type is sure of, with an exponent.
    static func text(_ value: Double, _ width: Width) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        switch width {
        case .double: return "\(value)"
        case .single: return shown("\(Float(value))", value, limit: 1e6)
        case .half: return shown(shortestHalf(value), value, limit: 1e3)
        }
    }

    /// A complex number in the text that `text` gives its parts.
    static func complex(
        _ parts: (real: Double, imaginary: Double), _ text: (Double) -> String
    ) -> String {
        func short(_ value: Double) -> String {
            let text = text(value)
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        let imaginary = short(parts.imaginary)
        if parts.real == 0, parts.real.sign == .plus { return "\(imaginary)j" }
        return "\(short(parts.real))\(imaginary.hasPrefix("-") ? "" : "+")\(imaginary)j"
    }

    private static func shown(_ text: String, _ value: Double, limit: Double) -> String {
        guard let short = Double(text), value != 0 else { return text }
        let hasPositions = abs(value) < limit && abs(value) >= 1e-4
        return hasPositions ? "\(short)" : scientific(short)
    }

    // As Swift has it beyond 2^53: one digit, point, the others, an exponent of two digits or more.
    private static func scientific(_ value: Double) -> String {
        let text = "\(abs(value))"
        guard !text.contains("e") else { return "\(value)" }
        let parts = text.split(separator: ".")
        let whole = parts[0] == "0" ? "" : parts[0]
        let all = whole + (parts.count > 1 && parts[1] != "0" ? parts[1] : "")
        let zeros = all.prefix { $0 == "0" }.count
        let exponent = whole.isEmpty ? -zeros - 1 : whole.count - 1
        let digits = all.dropFirst(zeros)
        let mantissa = String(digits.prefix(1)) + "." + digits.dropFirst()
        var trimmed = Substring(mantissa)
        while trimmed.last == "0" { trimmed.removeLast() }
        if trimmed.last == "." { trimmed.removeLast() }
        let size = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
        return "\(value < 0 ? "-" : "")\(trimmed)e\(exponent < 0 ? "-" : "+")\(size)"
    }

    // The neighbours of a half are 2^-10 of its power of two apart, and 2^-24 at the least. The
    // shortest text is that of a number nearer to it than to those.
    private static func shortestHalf(_ value: Double) -> String {
        guard value != 0 else { return "\(value)" }
        let exponent = max(Int(value.exponent) - 10, -24)
        let distance = Double(sign: .plus, exponent: exponent - 1, significand: 1)
        var step = 1e5
        while step > 1e-9 {
            let short =
                step >= 1
                ? (value / step).rounded() * step
                : (value * (1 / step).rounded()).rounded() / (1 / step).rounded()
            if abs(short - value) < distance { return "\(short)" }
            step /= 10
        }
        return "\(value)"
    }
}
