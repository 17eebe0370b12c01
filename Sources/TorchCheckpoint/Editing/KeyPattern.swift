/// A pattern of names, in which `*` stands for any text, also for none.
///
/// Everything else stands for itself: names of tensors are full of dots and brackets. The Python
/// counterpart is `fnmatch`, with the star only.
public struct KeyPattern: Hashable, Sendable {
    /// The texts between the stars.
    private let parts: [String]

    /// Creates a pattern such as `module.*` or `*.running_mean`.
    public init(_ pattern: String) {
        parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whether a name fits.
    ///
    /// - Complexity: O(*n* · *m*) in the lengths of name and pattern.
    public func matches(_ name: String) -> Bool { starTexts(in: name) != nil }

    /// The name with what the stars stand for put in place of those of another pattern.
    ///
    /// `module.*` replaced by `*` takes the prefix off.
    ///
    /// - Parameter replacement: The text to make, whose stars are those of this pattern in order; one
    ///   more than this pattern has stands for nothing.
    /// - Returns: nil when the name does not fit.
    public func replacing(_ name: String, by replacement: String) -> String? {
        guard let texts = starTexts(in: name) else { return nil }
        var rest = texts[...]
        return replacement.reduce(into: "") { result, character in
            result += character == "*" ? rest.popFirst() ?? "" : String(character)
        }
    }

    /// What each star stands for, as little as possible but for the last; nil when the name does not
    /// fit.
    private func starTexts(in name: String) -> [String]? {
        let bytes = Array(name.utf8)
        guard let first = parts.first, let last = parts.last, bytes.starts(with: first.utf8) else {
            return nil
        }
        guard parts.count > 1 else { return bytes.count == first.utf8.count ? [] : nil }
        let end = bytes.count - last.utf8.count
        var place = first.utf8.count
        guard end >= place, bytes[end...].elementsEqual(last.utf8) else { return nil }
        var texts: [String] = []
        for part in parts.dropFirst().dropLast() {
            guard let found = Self.place(of: Array(part.utf8), in: bytes[place..<end]) else {
                return nil
            }
            texts.append(String(decoding: bytes[place..<found], as: UTF8.self))
            place = found + part.utf8.count
        }
        return texts + [String(decoding: bytes[place..<end], as: UTF8.self)]
    }

    private static func place(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= part.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - part.count)).first {
            bytes[$0..<($0 + part.count)].elementsEqual(part)
        }
    }
}
