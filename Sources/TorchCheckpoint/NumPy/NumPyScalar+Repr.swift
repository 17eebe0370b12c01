import BigInt
import Tensors

extension NumPyScalar: CustomStringConvertible {
    /// The scalar as NumPy's `repr` shows it: `np.float32(0.1)`.
    public var description: String { pythonRepr }

    /// The scalar as NumPy's `repr` shows it: `np.float32(0.1)`.
    public var pythonRepr: String {
        switch dtype.kind {
        case .bool: bool.map { $0 ? "np.True_" : "np.False_" } ?? wrapped(rawBytes)
        case .text: wrapped(string.map { PythonRepr.quote($0) } ?? rawBytes)
        case .bytes: wrapped(PythonRepr.quote(byteString ?? []))
        case .dateTime: wrapped(timeText(isPoint: true))
        case .timeInterval: wrapped(timeText(isPoint: false))
        default: wrapped(numberText ?? rawBytes)
        }
    }

    private func wrapped(_ text: String) -> String { "np.\(dtype.scalarName)(\(text))" }

    private var rawBytes: String { PythonRepr.quote(bytes) }

    private var numberText: String? {
        if let integer = bigInteger { return "\(integer)" }
        let isNarrow = dtype.kind == .float ? dtype.itemSize < 8 : dtype.itemSize < 16
        let isHalf = dtype.itemSize == 2
        func text(_ value: Double) -> String {
            PythonFloat.text(value, isHalf ? .half : isNarrow ? .single : .double)
        }
        if let double { return text(double) }
        guard let parts = complex else { return nil }
        return PythonFloat.complex(parts, text)
    }

    private func timeText(isPoint: Bool) -> String {
        guard let count = int else { return rawBytes }
        let unit = dtype.unit ?? .init(name: "generic", count: 1)
        guard count != .min else { return "'NaT','\(unit.code)'" }
        guard isPoint else {
            return unit.name == "generic" ? "\(count)" : "\(count),'\(unit.code)'"
        }
        guard let text = NumPyCalendar.text(count, unit) else { return "\(count),'\(unit.code)'" }
        // Hours, and units that are several, can't be told from the text.
        return unit.count > 1 || unit.name == "h" ? "'\(text)','\(unit.code)'" : "'\(text)'"
    }
}

extension NumPyDType.TimeUnit {
    fileprivate var code: String { count == 1 ? name : "\(count)\(name)" }
}
