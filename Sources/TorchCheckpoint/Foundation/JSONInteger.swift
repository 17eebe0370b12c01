import Foundation

/// An integer of 64 bits in JSON: a number, or the text that protobuf writes for one.
struct JSONInteger: Decodable {
    let value: Int

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            value = try container.decode(Int.self)
        } catch DecodingError.typeMismatch {
            let text = try container.decode(String.self)
            guard let value = Int(text) else { throw Self.mismatch(container, "a text") }
            self.value = value
            return
        }
        // Foundation cuts a fraction off that a Double has no room for.
        guard try container.decode(Decimal.self) == Decimal(value) else {
            throw Self.mismatch(container, "a fraction")
        }
    }

    private static func mismatch(
        _ container: any SingleValueDecodingContainer, _ found: String
    ) -> DecodingError {
        DecodingError.dataCorruptedError(
            in: container, debugDescription: "Expected an integer of 64 bits but found \(found)")
    }
}
