/// Floating-point numbers as Python and NumPy show them.
enum PythonFloat {
    /// How many bits a number has in the file.
    enum Width {
        case half, single, double
    }

    /// The shortest text that reads as the number, in positions from 1e-4 up to 1e16.
    static func text(_ value: Double, _ width: Width) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        switch width {
        case .double: return "\(value)"
        case .single: return positional("\(Float(value))")
        case .half: return positional(shortestHalf(value))
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

    // Swift goes over to exponents earlier for narrow numbers.
    private static func positional(_ text: String) -> String {
        guard let value = Double(text), abs(value) < 1e16, abs(value) >= 1e-4 else { return text }
        return "\(value)"
    }

    // The neighbours of a half are 2^-10 of its power of two apart, and 2^-24 at the least. The
    // shortest text is that of a number nearer to it than to those.
    private static func shortestHalf(_ value: Double) -> String {
        guard value != 0 else { return "\(value)" }
        let exponent = max(Int(value.exponent) - 10, -24)
        let distance = Double(sign: .plus, exponent: exponent - 1, significand: 1)
        var step = 1e5
        while step > 1e-9 {
            let short = step >= 1
                ? (value / step).rounded() * step
                : (value * (1 / step).rounded()).rounded() / (1 / step).rounded()
            if abs(short - value) < distance { return "\(short)" }
            step /= 10
        }
        return "\(value)"
    }
}
