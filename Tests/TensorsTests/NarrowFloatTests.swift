import Testing

@testable import Tensors

/// Walks over the finite codes of a format without its sign, in the order of their values.
private func forEachNeighbours<Number: NarrowFloat>(
    _ type: Number.Type, finite: ClosedRange<Number.BitPattern>,
    _ body: (Number, Number) -> Void
) {
    for code in finite.lowerBound..<finite.upperBound {
        body(Number(bitPattern: code), Number(bitPattern: code + 1))
    }
}

private func check<Number: NarrowFloat>(
    _ type: Number.Type, greatest: Number.BitPattern, overflow: Number.BitPattern,
    hasNegativeZero: Bool = true
) {
    let sign = Number.BitPattern(1) << (Number.BitPattern.bitWidth - 1)
    var failures: [Number.BitPattern] = []
    func expect(_ value: Double, _ code: Number.BitPattern) {
        let isZero = code == 0 && !hasNegativeZero
        let isUnsignedNaN = code == sign
        let negated = isZero || isUnsignedNaN ? code : code | sign
        let isRight =
            Number(value).bitPattern == code && Number(-value).bitPattern == negated
            && Number(Float(roundingToOdd: value)).bitPattern == code
            // What a Float holds must come out the same without the detour over Double.
            && (Double(Float(value)) != value || Number(Float(value)).bitPattern == code)
        if !isRight { failures.append(code) }
    }
    forEachNeighbours(type, finite: 0...greatest) { lower, upper in
        let (low, high) = (Double(lower.floatValue), Double(upper.floatValue))
        let middle = (low + high) / 2
        let even = lower.bitPattern % 2 == 0 ? lower.bitPattern : upper.bitPattern
        expect(low, lower.bitPattern)
        expect(middle, even)
        expect(middle.nextDown, lower.bitPattern)
        expect(middle.nextUp, upper.bitPattern)
        expect(high, upper.bitPattern)
    }
    let top = Double(Number(bitPattern: greatest).floatValue)
    let step = top - Double(Number(bitPattern: greatest - 1).floatValue)
    let tie = top + step / 2
    expect(tie, greatest % 2 == 0 ? greatest : overflow)
    expect(tie.nextDown, greatest)
    expect(tie.nextUp, overflow)
    expect(.greatestFiniteMagnitude, overflow)
    expect(.infinity, overflow)
    expect(.leastNonzeroMagnitude, 0)
    #expect(failures.isEmpty, "\(type): \(failures.prefix(5))")
}

@Suite struct NarrowFloatTests {
    @Test func `bfloat16 rounds to nearest even and overflows to infinity`() {
        check(BFloat16.self, greatest: 0x7F7F, overflow: 0x7F80)
    }

    @Test func `float16 rounds to nearest even and overflows to infinity`() {
        check(Binary16.self, greatest: 0x7BFF, overflow: 0x7C00)
    }

    @Test func `float8_e5m2 rounds to nearest even and overflows to infinity`() {
        check(Float8E5M2.self, greatest: 0x7B, overflow: 0x7C)
    }

    @Test func `float8_e4m3fn rounds to nearest even and ends at its greatest number`() {
        check(Float8E4M3FN.self, greatest: 0x7E, overflow: 0x7E)
    }

    @Test func `float8_e5m2fnuz rounds to nearest even, overflows to NaN, has one zero`() {
        check(Float8E5M2FNUZ.self, greatest: 0x7F, overflow: 0x80, hasNegativeZero: false)
    }

    @Test func `float8_e4m3fnuz rounds to nearest even, overflows to NaN, has one zero`() {
        check(Float8E4M3FNUZ.self, greatest: 0x7F, overflow: 0x80, hasNegativeZero: false)
    }

    #if !(os(macOS) && arch(x86_64))
        @Test func `float16 codes decode as Swift's Float16 does, and encode again`() {
            for code in 0...UInt16.max {
                let ours = Binary16(bitPattern: code).floatValue
                let swifts = Float(Float16(bitPattern: code))
                guard !ours.isNaN || !swifts.isNaN else { continue }
                #expect(ours.bitPattern == swifts.bitPattern)
                #expect(Binary16(ours).bitPattern == code)
            }
        }
    #endif

    @Test func `bfloat16 codes are the upper halves of floats and encode again`() {
        for code in 0...UInt16.max {
            let number = BFloat16(bitPattern: code)
            #expect(number.floatValue.bitPattern == UInt32(code) << 16)
            let quiet = number.isNaN ? code | 0x40 : code
            #expect(BFloat16(number.floatValue).bitPattern == quiet)
        }
    }

    @Test func `float8 codes encode again`() {
        func codesThatChange<Number: NarrowFloat>(_ type: Number.Type) -> [UInt8]
        where Number.BitPattern == UInt8 {
            (0...UInt8.max).filter { code in
                let number = Number(bitPattern: code)
                let again = Number(number.floatValue)
                return number.isNaN ? !again.isNaN : again.bitPattern != code
            }
        }
        #expect(codesThatChange(Float8E5M2.self) == [])
        #expect(codesThatChange(Float8E4M3FN.self) == [])
        #expect(codesThatChange(Float8E5M2FNUZ.self) == [])
        #expect(codesThatChange(Float8E4M3FNUZ.self) == [])
        #expect(codesThatChange(Float8E8M0FNU.self) == [])
    }

    @Test func `the greatest and least numbers are those of the formats' definitions`() {
        #expect(Float8E5M2(bitPattern: 0x7B).floatValue == 57344)
        #expect(Float8E5M2(bitPattern: 1).floatValue == 0x1p-16)
        #expect(Float8E4M3FN(bitPattern: 0x7E).floatValue == 448)
        #expect(Float8E4M3FN(bitPattern: 1).floatValue == 0x1p-9)
        #expect(Float8E5M2FNUZ(bitPattern: 0x7F).floatValue == 57344)
        #expect(Float8E5M2FNUZ(bitPattern: 1).floatValue == 0x1p-17)
        #expect(Float8E4M3FNUZ(bitPattern: 0x7F).floatValue == 240)
        #expect(Float8E4M3FNUZ(bitPattern: 1).floatValue == 0x1p-10)
        #expect(Float8E5M2(bitPattern: 0xFC).floatValue == -.infinity)
        #expect(Float8E5M2(bitPattern: 0x7D).isNaN)
        #expect(Float8E4M3FN(bitPattern: 0xFF).isNaN)
        #expect(Float8E4M3FNUZ(bitPattern: 0x80).isNaN)
    }

    @Test func `float8_e8m0fnu takes the power of two that torch takes`() {
        let expected: [(Float, UInt8)] = [
            (0, 0), (1, 127), (1.49, 127), (1.5, 128), (-1.5, 128), (3, 129), (2.99, 128),
            (0x1p-127, 0), (Float(bitPattern: 0x40_0001), 1), (0x1p-126, 1), (0x1.8p-126, 2),
            (0x1p127, 254), (0x1.7ffffep127, 254), (0x1.8p127, 255),
            (.infinity, 255), (.nan, 255), (.leastNonzeroMagnitude, 0),
        ]
        for (value, code) in expected { #expect(Float8E8M0FNU(value).bitPattern == code) }
        #expect(Float8E8M0FNU(bitPattern: 0).floatValue == 0x1p-127)
        #expect(Float8E8M0FNU(bitPattern: 254).floatValue == 0x1p127)
        #expect(Float8E8M0FNU(bitPattern: 255).isNaN)
    }

    @Test func `a float4 pair has its first number in the lower bits`() throws {
        let numbers: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6]
        for code in 0..<8 {
            let pair = Float4E2M1FNx2(bitPattern: UInt8(code | (code ^ 8) << 4))
            #expect(pair.low == numbers[code])
            #expect(pair.high == -numbers[code])
        }
        #expect(Float4E2M1FNx2(low: 0.5, high: -6)?.bitPattern == 0xF1)
    }

    @Test func `float4 numbers round to nearest even, end at 6, and are never NaN`() {
        let expected: [(Float, Float)] = [
            (0.25, 0), (0.26, 0.5), (0.75, 1), (1.25, 1), (1.75, 2), (2.5, 2), (3.5, 4), (5, 4),
            (5.1, 6), (7, 6), (100, 6), (.infinity, 6),
        ]
        for (value, nearest) in expected {
            #expect(Float4E2M1FNx2(low: value, high: -value)?.low == nearest)
            #expect(Float4E2M1FNx2(low: value, high: -value)?.high == -nearest)
        }
        #expect(Float4E2M1FNx2(low: .nan, high: 0) == nil)
        #expect(Float4E2M1FNx2(low: 0, high: .nan) == nil)
    }
}

@Suite struct RoundingOnceTests {
    @Test func `a Double is rounded once where rounding over Float would go wrong`() {
        // Just above a tie of BFloat16; as a Float it is the tie.
        let aboveTie = 1 + 0x1p-8 + 0x1p-30
        #expect(BFloat16(aboveTie).floatValue == 1 + 0x1p-7)
        #expect(BFloat16(Float(aboveTie)).floatValue == 1)
        let belowTie = 1 + 0x3p-8 - 0x1p-30
        #expect(BFloat16(belowTie).floatValue == 1 + 0x1p-7)
        #expect(BFloat16(Float(belowTie)).floatValue == 1 + 0x1p-6)
        #expect(Binary16(1 + 0x1p-11 + 0x1p-40).floatValue == 1 + 0x1p-10)
        #expect(Float8E4M3FN(1.0625 + 0x1p-50).floatValue == 1.125)
        // Half of the least float16, and a little more.
        #expect(Binary16(0x1p-25).bitPattern == 0)
        #expect(Binary16(0x1p-25 + 0x1p-60).bitPattern == 1)
        #expect(Binary16(65520 - 0x1p-30).floatValue == 65504)
    }

    @Test func `an integer is rounded once`() {
        let aboveTie: Int64 = 1 << 60 + 1 << 52 + 1
        #expect(BFloat16(aboveTie).floatValue == 0x1p60 + 0x1p53)
        #expect(BFloat16(aboveTie - 1).floatValue == 0x1p60)
        #expect(BFloat16(-aboveTie).floatValue == -0x1p60 - 0x1p53)
        #expect(BFloat16(UInt64.max).floatValue == 0x1p64)
        #expect(BFloat16(Int64.min).floatValue == -0x1p63)
        #expect(Float8E5M2(UInt64.max).floatValue == .infinity)
        #expect(Float8E4M3FN(Int64(448)).floatValue == 448)
    }

    @Test func `rounding to odd keeps exact values, NaN and infinities`() {
        for value in [0, -0.0, 1, -1.5, 0x1p-149, 3.4028234663852886e38] as [Double] {
            #expect(Double(Float(roundingToOdd: value)) == value)
        }
        #expect(Float(roundingToOdd: -0.0).sign == .minus)
        #expect(Float(roundingToOdd: Double.infinity) == .infinity)
        #expect(Float(roundingToOdd: Double.nan).isNaN)
        #expect(Float(roundingToOdd: 1e300) == .greatestFiniteMagnitude)
        #expect(Float(roundingToOdd: 1e-300) == .leastNonzeroMagnitude)
    }

    @Test func `numbers compare by value`() {
        #expect(BFloat16(0.0) == BFloat16(-0.0))
        #expect(Set([BFloat16(0.0), BFloat16(-0.0)]).count == 1)
        #expect(BFloat16(Float.nan) != BFloat16(Float.nan))
        #expect((1.5 as Float8E5M2).description == "1.5")
        #expect(Float(BFloat16(2.5)) == 2.5 && Double(BFloat16(2.5)) == 2.5)
    }
}
