public import Tensors

/// The type of the elements of a NumPy array.
///
/// The Python counterpart is `numpy.dtype`.
public struct NumPyDType: Hashable, Sendable {
    /// What elements are; the raw value is `numpy.dtype.kind`.
    public enum Kind: String, Sendable {
        /// `numpy.bool`.
        case bool = "b"
        /// Signed integers.
        case integer = "i"
        /// Unsigned integers.
        case unsignedInteger = "u"
        /// Floating-point numbers.
        case float = "f"
        /// Complex numbers.
        case complex = "c"
        /// `numpy.timedelta64`.
        case timeInterval = "m"
        /// `numpy.datetime64`.
        case dateTime = "M"
        /// Python objects.
        case object = "O"
        /// Byte strings of a fixed length.
        case bytes = "S"
        /// Texts of a fixed length, four bytes for each character.
        case text = "U"
        /// Records, subarrays and bytes without a meaning.
        case void = "V"
    }

    /// A named part of each element of a record array.
    public struct Field: Hashable, Sendable {
        /// The name.
        public let name: String
        /// A second name, which few have.
        public let title: String?
        /// The number of bytes before it in the element.
        public let offset: Int
        /// The type.
        public let dtype: NumPyDType
    }

    /// What times are counted in: 25 µs is 25 times `us`.
    public struct TimeUnit: Hashable, Sendable {
        /// NumPy's name: `Y`, `M`, `W`, `D`, `h`, `m`, `s`, `ms`, `us`, `ns`, `ps`, `fs`, `as`,
        /// `generic`.
        public let name: String
        /// How many of them are one.
        public let count: Int
    }

    /// What the elements are.
    public let kind: Kind
    /// The size of an element in bytes, as `numpy.dtype.itemsize`.
    public let itemSize: Int
    /// The order of the bytes of numbers; nil where there is none, as for single bytes.
    public let byteOrder: ByteOrder?
    /// The fields of records, in order; empty for anything else.
    public let fields: [Field]
    /// What times are counted in; nil for anything else.
    public let unit: TimeUnit?
    /// The size of each dimension of the arrays that the elements are; empty for anything else.
    public let subarrayShape: [Int]
    /// Whether a record has the gaps that a C compiler would make.
    let isAligned: Bool
    // None or one: a struct can't hold itself.
    private let elements: [NumPyDType]

    init(
        kind: Kind, itemSize: Int, byteOrder: ByteOrder? = nil, fields: [Field] = [],
        unit: TimeUnit? = nil, subarray: (element: NumPyDType, shape: [Int])? = nil,
        isAligned: Bool = false
    ) {
        self.kind = kind
        self.itemSize = itemSize
        self.byteOrder = byteOrder
        self.fields = fields
        self.unit = unit
        self.isAligned = isAligned
        elements = subarray.map { [$0.element] } ?? []
        subarrayShape = subarray?.shape ?? []
    }

    /// The type of the elements of the arrays that each element is; nil when elements are no arrays.
    public var subarrayElement: NumPyDType? { elements.first }

    /// Whether elements are objects, or have some in them.
    var holdsObjects: Bool {
        kind == .object || fields.contains { $0.dtype.holdsObjects }
            || (subarrayElement?.holdsObjects ?? false)
    }

    /// The dtype of torch with the same numbers; nil where there is none.
    ///
    /// Times count as `int64`, as `array.view("int64")`.
    public var torchDType: DType? {
        switch (kind, itemSize) {
        case (.bool, 1): .bool
        case (.integer, 1): .int8
        case (.integer, 2): .int16
        case (.integer, 4): .int32
        case (.integer, 8), (.dateTime, 8), (.timeInterval, 8): .int64
        case (.unsignedInteger, 1): .uint8
        case (.unsignedInteger, 2): .uint16
        case (.unsignedInteger, 4): .uint32
        case (.unsignedInteger, 8): .uint64
        case (.float, 2): .float16
        case (.float, 4): .float32
        case (.float, 8): .float64
        case (.complex, 8): .complex64
        case (.complex, 16): .complex128
        default: nil
        }
    }
}
