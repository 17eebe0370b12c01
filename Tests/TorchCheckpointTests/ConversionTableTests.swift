import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// The narrow floats against tables that torch made: `PythonFixtures/conversions.py`.
@Suite struct ConversionTableTests {
    private func table(_ name: String) throws -> [UInt8] {
        try Array(
            Data(contentsOf: URL(fileURLWithPath: Repository.root + "/.fixtures/" + name + ".bin")))
    }

    private func check<Element: NarrowFloat>(_ type: Element.Type, _ dtype: String) throws {
        let codeSize = MemoryLayout<Element>.size
        try checkDecoding(type, table("decode_" + dtype), codeSize)
        let encoded = try table("encode_" + dtype)
        #expect(encoded.count > 100_000)
        var failures = 0
        for start in stride(from: 0, to: encoded.count, by: 4 + codeSize) {
            let input = Float(bitPattern: UInt32(truncatingIfNeeded: number(encoded, start, 4)))
            let code = number(encoded, start + 4, codeSize)
            let ours = Element(input)
            let theirs = Element(bitPattern: .init(truncatingIfNeeded: code))
            // Which NaN torch gives for bfloat16 depends on the processor.
            if ours.bitPattern != theirs.bitPattern, !(ours.isNaN && theirs.isNaN) { failures += 1 }
        }
        #expect(failures == 0)
    }

    private func checkDecoding<Element: NarrowFloat>(
        _ type: Element.Type, _ decoded: [UInt8], _ codeSize: Int
    ) throws {
        #expect(decoded.count == 4 << (8 * codeSize))
        for code in 0..<(decoded.count / 4) {
            let theirs = Float(bitPattern: UInt32(truncatingIfNeeded: number(decoded, 4 * code, 4)))
            let ours = Element(bitPattern: .init(truncatingIfNeeded: code)).floatValue
            #expect(ours.bitPattern == theirs.bitPattern || (ours.isNaN && theirs.isNaN), "\(code)")
        }
    }

    private func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
        bytes[start..<(start + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    @Test func `bfloat16`() throws { try check(BFloat16.self, "bfloat16") }
    @Test func `float8_e4m3fn`() throws { try check(Float8E4M3FN.self, "float8_e4m3fn") }
    @Test func `float8_e4m3fnuz`() throws { try check(Float8E4M3FNUZ.self, "float8_e4m3fnuz") }
    @Test func `float8_e5m2`() throws { try check(Float8E5M2.self, "float8_e5m2") }
    @Test func `float8_e5m2fnuz`() throws { try check(Float8E5M2FNUZ.self, "float8_e5m2fnuz") }
    @Test func `float8_e8m0fnu`() throws { try check(Float8E8M0FNU.self, "float8_e8m0fnu") }

    #if !(os(macOS) && arch(x86_64))
        @Test func `float16 through array(converting:)`() throws {
            let encoded = try table("encode_float16")
            var inputs: [Float] = []
            var codes: [UInt64] = []
            for start in stride(from: 0, to: encoded.count, by: 6) {
                inputs.append(
                    Float(bitPattern: UInt32(truncatingIfNeeded: number(encoded, start, 4))))
                codes.append(number(encoded, start + 4, 2))
            }
            let halves = try Tensor(inputs).array(converting: Float16.self)
            let failures = zip(halves, codes).filter { half, code in
                let theirs = Float16(bitPattern: UInt16(code))
                return half.bitPattern != theirs.bitPattern && !(half.isNaN && theirs.isNaN)
            }
            #expect(failures.isEmpty)
        }
    #endif
}
