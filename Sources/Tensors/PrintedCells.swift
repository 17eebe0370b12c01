import ComplexModule

/// The texts of elements, all as wide as their widest.
struct PrintedCells {
    let texts: [String]
    /// What an element and the separator behind it are reckoned to take.
    let advance: Int

    /// Texts that are padded on the left.
    init(padding texts: [String]) {
        let width = texts.map(\.utf8.count).max() ?? 1
        self.texts = texts.map { $0.paddedLeft(to: width) }
        advance = width + 2
    }

    /// Real numbers in the style that suits all of them.
    init(_ numbers: [Double], countsNaN: Bool = false) {
        let style = FloatStyle(for: numbers, countsNaN: countsNaN)
        texts = numbers.map(style.format)
        advance = style.width + 2
    }

    /// Complex numbers, of which real and imaginary parts have a style each.
    init(_ numbers: [Complex<Double>]) {
        let realStyle = FloatStyle(for: numbers.map(\.rawStorage.x))
        let imaginaryStyle = FloatStyle(for: numbers.map(\.rawStorage.y))
        texts = numbers.map { number in
            let imaginary = imaginaryStyle.format(number.rawStorage.y).drop { $0 == " " }
            let sign = imaginary.first == "-" ? "" : "+"
            return realStyle.format(number.rawStorage.x) + sign + imaginary + "j"
        }
        advance = realStyle.width + imaginaryStyle.width + 3
    }
}

/// How torch prints floating-point numbers: chosen by the finite ones other than 0, for all.
struct FloatStyle {
    private enum Notation {
        /// `3.`: all numbers are whole.
        case whole
        /// `3.1416`
        case fixed
        /// `3.1416e+00`: the numbers are far apart, very large or very small.
        case scientific
    }

    private let notation: Notation
    /// The width of the widest number; nan and infinities may be wider.
    let width: Int

    /// - Parameter countsNaN: Whether NaN has a say, too: it calls for fixed notation. torch does not
    ///   recognise the NaN of `float8_e8m0fnu` when it chooses.
    init(for numbers: [Double], countsNaN: Bool = false) {
        let counted = numbers.filter { $0.isFinite && $0 != 0 || countsNaN && $0.isNaN }
        let notation = counted.contains(where: \.isNaN) ? .fixed : Self.notation(for: counted)
        self.notation = notation
        width = counted.map { Self.format($0, notation).utf8.count }.max() ?? 1
    }

    private static func notation(for numbers: [Double]) -> Notation {
        let magnitudes = numbers.map(\.magnitude)
        guard let least = magnitudes.min(), let greatest = magnitudes.max() else { return .whole }
        if greatest / least > 1000 || greatest > 1e8 || least < 1e-4 { return .scientific }
        return numbers.allSatisfy { $0 == $0.rounded(.up) } ? .whole : .fixed
    }

    /// The text of a number, padded to the width.
    func format(_ number: Double) -> String {
        Self.format(number, notation).paddedLeft(to: width)
    }

    private static func format(_ number: Double, _ notation: Notation) -> String {
        guard number.isFinite else {
            return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
        }
        return switch notation {
        case .whole: number.text(inCFormat: "%.0f") + "."
        case .fixed: number.text(inCFormat: "%.4f")
        case .scientific: number.text(inCFormat: "%.4e")
        }
    }
}

extension String {
    fileprivate func paddedLeft(to width: Int) -> String {
        String(repeating: " ", count: max(width - utf8.count, 0)) + self
    }
}
