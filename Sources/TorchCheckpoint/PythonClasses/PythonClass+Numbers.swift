import BigInt
import Pickle

extension PythonClass {
    /// Numbers and identifiers of Python's library.
    static let numbers: [PythonClass] = [
        PythonClass(
            "fractions", "Fraction", fields: ["numerator", "denominator"], isPlain: true
        ) { object, writer in
            if let top = object[0], let bottom = object[1] {
                return "Fraction(\(writer.repr(top, in: object)), "
                    + "\(writer.repr(bottom, in: object)))"
            }
            // Older versions: Fraction('1/3').
            guard let parts = object.text(0)?.split(separator: "/"), 1...2 ~= parts.count,
                parts.allSatisfy({ Int($0) != nil })
            else { return nil }
            return "Fraction(\(parts[0]), \(parts.count == 2 ? parts[1] : "1"))"
        },
        PythonClass("decimal", "Decimal", isPlain: true) { object, _ in
            object.text(0).map { "Decimal(\(PythonRepr.quote($0)))" }
        },
        PythonClass("uuid", "UUID") { object, _ in
            guard let number = object.field("int"), number.graph.textLength(of: number.id) <= 17,
                let number = number.bigInteger, number >= 0, number.bitWidth <= 129
            else { return nil }
            let digits = String(number, radix: 16)
            let text = String(repeating: "0", count: max(0, 32 - digits.count)) + digits
            return "UUID('\(Self.grouped(text))')"
        },
        PythonClass("ipaddress", "IPv4Address", isPlain: true) { object, _ in
            guard let number = object[0]?.int, let word = UInt32(exactly: number) else {
                return nil
            }
            let bytes = [24, 16, 8, 0].map { "\(word >> $0 & 0xFF)" }
            return "IPv4Address('\(bytes.joined(separator: "."))')"
        },
    ]

    // 8-4-4-4-12
    private static func grouped(_ digits: String) -> String {
        var rest = Substring(digits)
        return [8, 4, 4, 4, 12].map { count in
            defer { rest = rest.dropFirst(count) }
            return String(rest.prefix(count))
        }.joined(separator: "-")
    }
}
