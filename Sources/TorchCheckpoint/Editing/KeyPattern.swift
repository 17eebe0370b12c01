/// A pattern of names, in which `*` stands for any text, also for none.
///
/// Everything else stands for itself: names of tensors are full of dots and brackets. As in Python,
/// texts are equal when their code points are. The Python counterpart is `fnmatch.fnmatchcase`,
/// with the star only.
///
///     let prefix: KeyPattern = "module.*"
///     try checkpoint.renameKeys { prefix.renaming($0, to: "*") }
public struct KeyPattern: Hashable, Sendable {
    /// The UTF-8 of the texts between the stars.
    private let parts: [[UInt8]]

    /// Creates a pattern such as `module.*` or `*.running_mean`.
    public init(_ pattern: String) { parts = Self.split(pattern) }

    /// Whether a name fits.
    ///
    /// - Complexity: O(*n* · *m*) in the lengths of name and pattern.
    public func matches(_ name: String) -> Bool { starTexts(in: name) != nil }

    /// The new name of what has a name that fits: a replacement with what the stars stand for.
    ///
    /// `module.*` to `*` takes the prefix off.
    ///
    /// - Parameters:
    ///   - name: The name that there is.
    ///   - replacement: The name to make, whose stars stand for the same texts as those of this
    ///     pattern, in order; where it has more stars, they stand for nothing.
    /// - Returns: nil when the name does not fit.
    /// - Complexity: as ``matches(_:)``.
    public func renaming(_ name: String, to replacement: String) -> String? {
        guard let texts = starTexts(in: name) else { return nil }
        var rest = texts[...]
        let pieces = Self.split(replacement)
        let bytes = pieces.dropFirst().reduce(into: pieces.first ?? []) { bytes, piece in
            bytes += (rest.popFirst() ?? []) + piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What each star stands for, as little as possible but for the last; nil when the name does
    /// not fit.
    private func starTexts(in name: String) -> [ArraySlice<UInt8>]? {
        let bytes = Array(name.utf8)
        guard let first = parts.first, let last = parts.last, bytes.starts(with: first) else {
            return nil
        }
        guard parts.count > 1 else { return bytes.count == first.count ? [] : nil }
        let end = bytes.count - last.count
        var place = first.count
        guard end >= place, bytes[end...].elementsEqual(last) else { return nil }
        var texts: [ArraySlice<UInt8>] = []
        for part in parts.dropFirst().dropLast() {
            guard let found = Self.place(of: part, in: bytes[place..<end]) else { return nil }
            texts.append(bytes[place..<found])
            place = found + part.count
        }
        return texts + [bytes[place..<end]]
    }

    private static func place(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= part.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - part.count)).first {
            bytes[$0..<($0 + part.count)].elementsEqual(part)
        }
    }

    // A star is one code point, whatever marks follow it.
    private static func split(_ text: String) -> [[UInt8]] {
        text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map(Array.init)
    }
}

extension KeyPattern: ExpressibleByStringLiteral {
    /// Creates a pattern such as `module.*` or `*.running_mean`.
    public init(stringLiteral pattern: String) { self.init(pattern) }
}
