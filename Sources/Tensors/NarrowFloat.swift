/// A floating-point type narrower than `Float`, held as its bit pattern.
///
/// Every value of such a type is a `Float` exactly. Conversions into it round once, to the nearest
/// value and on a tie to the even one, whatever they start from; a `Double` does not take a detour
/// over `Float`. Two values are equal when their numbers are: NaN differs from itself, and zero
/// equals negative zero where there is one. Compare ``bitPattern`` to tell codes apart.
public protocol NarrowFloat: TensorElement, Hashable, CustomStringConvertible,
    ExpressibleByFloatLiteral
{
    /// The unsigned integer type that is as wide as this type.
    associatedtype BitPattern: FixedWidthInteger & UnsignedInteger & Sendable

    /// The bits of the value, as they stand in a file.
    var bitPattern: BitPattern { get }

    /// Creates the value that has the given bits; all bit patterns are values.
    init(bitPattern: BitPattern)

    /// Creates the value nearest to `value`, on a tie the even one.
    ///
    /// What becomes of NaN and of a magnitude that is too large, the type's documentation says.
    init(_ value: Float)

    /// The value, exactly.
    var floatValue: Float { get }
}

extension NarrowFloat {
    /// Creates the value nearest to `value`, on a tie the even one, rounding once.
    @inline(__always)
    public init(_ value: Double) {
        self.init(Float(roundingToOdd: value))
    }

    /// Creates the value nearest to `value`, on a tie the even one, rounding once.
    public init(_ value: Int) {
        self.init(Int64(value))
    }

    /// Creates the value nearest to `value`, on a tie the even one, rounding once.
    @inline(__always)
    public init(_ value: Int64) {
        self.init(Float(roundingToOdd: Double(roundingToOdd: value)))
    }

    /// Creates the value nearest to `value`, on a tie the even one, rounding once.
    @inline(__always)
    public init(_ value: UInt64) {
        self.init(Float(roundingToOdd: Double(roundingToOdd: value)))
    }

    /// Creates the value nearest to a literal, as ``init(_:)`` from a `Double`.
    public init(floatLiteral value: Double) {
        self.init(value)
    }

    /// Whether the value is not a number.
    public var isNaN: Bool { floatValue.isNaN }

    /// Returns whether both are the same number.
    public static func == (left: Self, right: Self) -> Bool {
        left.floatValue == right.floatValue
    }

    /// Hashes the number.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(floatValue)
    }

    /// The number, as `Float` describes it.
    public var description: String { floatValue.description }
}

extension Float {
    /// Creates the same number from a narrower type.
    public init(_ value: some NarrowFloat) {
        self = value.floatValue
    }
}

extension Double {
    /// Creates the same number from a narrower type.
    public init(_ value: some NarrowFloat) {
        self = Double(value.floatValue)
    }
}
