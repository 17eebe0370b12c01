/// The class that an object of `numpy.dtype` is of since NumPy 1.25: torch looks at that before it
/// gives a state to one.
struct NumPyTypeName {
    /// Module and name.
    let path: String

    /// - Parameter code: What `numpy.dtype` is called with: `f8`.
    init?(code: String) {
        let plain = code.drop { "<>=|".contains($0) }
        guard let kind = plain.first else { return nil }
        let name = Self.numbers[String(plain)] ?? Self.kinds[kind]
        guard let name else { return nil }
        path = "numpy.dtypes.\(name)DType"
    }

    private static let numbers = [
        "b1": "Bool", "i1": "Int8", "i2": "Int16", "i4": "Int32", "i8": "Int64", "u1": "UInt8",
        "u2": "UInt16", "u4": "UInt32", "u8": "UInt64", "f2": "Float16", "f4": "Float32",
        "f8": "Float64", "c8": "Complex64", "c16": "Complex128",
    ]

    private static let kinds: [Character: String] = [
        "O": "Object", "S": "Bytes", "U": "Str", "V": "Void", "M": "DateTime64",
        "m": "TimeDelta64",
    ]
}
