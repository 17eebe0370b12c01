/// The numbers of all 256 codes of an 8-bit format, made when first needed.
struct DecodingTable {
    let values: [Float]

    private init<Number: NarrowFloat>(_ type: Number.Type) where Number.BitPattern == UInt8 {
        values = (0...UInt8.max).map { Number(bitPattern: $0).floatValue }
    }

    static let float8E5M2 = DecodingTable(Float8E5M2.self)
    static let float8E4M3FN = DecodingTable(Float8E4M3FN.self)
    static let float8E5M2FNUZ = DecodingTable(Float8E5M2FNUZ.self)
    static let float8E4M3FNUZ = DecodingTable(Float8E4M3FNUZ.self)
    static let float8E8M0FNU = DecodingTable(Float8E8M0FNU.self)
}
