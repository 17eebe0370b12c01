/// A type that numbers are converted to; nil says that a number has no counterpart in it.
protocol ConversionTarget {
    init?(converting value: Float)
    init?(converting value: Double)
    init?(converting value: Int64)
    init?(converting value: UInt64)
}

extension WidenedElements {
    /// Writes the numbers to `destination` as another type.
    ///
    /// - Returns: The index of the first number that has no counterpart, or nil.
    func write<Target: ConversionTarget>(
        as type: Target.Type, to destination: UnsafeMutableRawPointer
    ) -> Int? {
        switch unsafe self {
        case .floats(let numbers): unsafe convert(numbers, destination) { Target(converting: $0) }
        case .doubles(let numbers): unsafe convert(numbers, destination) { Target(converting: $0) }
        case .integers(let numbers): unsafe convert(numbers, destination) { Target(converting: $0) }
        case .unsigned(let numbers): unsafe convert(numbers, destination) { Target(converting: $0) }
        }
    }

    @inline(__always)
    private func convert<Source, Target>(
        _ numbers: UnsafeBufferPointer<Source>, _ destination: UnsafeMutableRawPointer,
        _ convert: (Source) -> Target?
    ) -> Int? {
        // Floats may have been widened where they are wanted.
        if unsafe UnsafeRawPointer(numbers.baseAddress) == UnsafeRawPointer(destination) {
            return nil
        }
        let target = unsafe destination.bindMemory(to: Target.self, capacity: numbers.count)
        for index in 0..<numbers.count {
            guard let number = unsafe convert(numbers[index]) else { return index }
            unsafe target[index] = number
        }
        return nil
    }
}

extension Float: ConversionTarget {
    @inline(__always) init?(converting value: Float) { self = value }
    @inline(__always) init?(converting value: Double) { self = Float(value) }
    @inline(__always) init?(converting value: Int64) { self = Float(value) }
    @inline(__always) init?(converting value: UInt64) { self = Float(value) }
}

extension Double: ConversionTarget {
    @inline(__always) init?(converting value: Float) { self = Double(value) }
    @inline(__always) init?(converting value: Double) { self = value }
    @inline(__always) init?(converting value: Int64) { self = Double(value) }
    @inline(__always) init?(converting value: UInt64) { self = Double(value) }
}

extension ConversionTarget where Self: NarrowFloat {
    @inline(__always) init?(converting value: Float) { self = Self(value) }
    @inline(__always) init?(converting value: Double) { self = Self(value) }
    @inline(__always) init?(converting value: Int64) { self = Self(value) }
    @inline(__always) init?(converting value: UInt64) { self = Self(value) }
}

extension Binary16: ConversionTarget {}
extension BFloat16: ConversionTarget {}
extension Float8E5M2: ConversionTarget {}
extension Float8E4M3FN: ConversionTarget {}
extension Float8E5M2FNUZ: ConversionTarget {}
extension Float8E4M3FNUZ: ConversionTarget {}
extension Float8E8M0FNU: ConversionTarget {}

extension ConversionTarget where Self: FixedWidthInteger {
    @inline(__always)
    init?(converting value: Float) { self.init(converting: Double(value)) }

    @inline(__always)
    init?(converting value: Double) {
        // Bounds that are exact, and compared without rounding first. The greatest 64-bit integers
        // are rounded up to a power of two, to which adding 1 changes nothing. NaN fails both.
        let least = Double(Self.min)
        let isAbove = least < -0x1p62 ? value >= least : value > least - 1
        guard isAbove, value < Double(Self.max) + 1 else { return nil }
        // The initializers of concrete types are one instruction; that of any integer is a loop.
        self =
            Self.isSigned
            ? Self(truncatingIfNeeded: Int64(value)) : Self(truncatingIfNeeded: UInt64(value))
    }

    @inline(__always) init?(converting value: Int64) { self.init(exactly: value) }
    @inline(__always) init?(converting value: UInt64) { self.init(exactly: value) }
}

extension Int8: ConversionTarget {}
extension Int16: ConversionTarget {}
extension Int32: ConversionTarget {}
extension Int64: ConversionTarget {}
extension UInt8: ConversionTarget {}
extension UInt16: ConversionTarget {}
extension UInt32: ConversionTarget {}
extension UInt64: ConversionTarget {}

extension Bool: ConversionTarget {
    @inline(__always) init?(converting value: Float) { self = value != 0 }
    @inline(__always) init?(converting value: Double) { self = value != 0 }
    @inline(__always) init?(converting value: Int64) { self = value != 0 }
    @inline(__always) init?(converting value: UInt64) { self = value != 0 }
}
