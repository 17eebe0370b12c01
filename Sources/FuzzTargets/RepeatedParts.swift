/// A file of which two parts are repeated thousands of times, described by a short one.
///
/// What costs as much as the square of a file's size shows in large files only, and those that cost much
/// are mostly repetitions. The first six bytes say which parts and how often, the rest is the file.
enum RepeatedParts {
    /// The size of a file that is made, at most.
    private static let largestByteCount = 1 << 18
    private static let settingCount = 6

    /// The file that a description stands for; nil for too short a description.
    static func file(of description: [UInt8]) -> [UInt8]? {
        guard description.count > settingCount else { return nil }
        let settings = description.prefix(settingCount)
        let contents = description.dropFirst(settingCount)
        let places = (0..<2).map { part(Array(settings.dropFirst(3 * $0)), of: contents) }
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
        var file: [UInt8] = []
        var position = contents.startIndex
        for (range, count) in places where range.lowerBound >= position {
            file += contents[position..<range.upperBound]
            let room = (largestByteCount - description.count) / 2 / max(range.count, 1)
            for _ in 0..<min(count, room) { file += contents[range] }
            position = range.upperBound
        }
        return file + contents[position...]
    }

    /// The part that three bytes say: where it begins in 256ths of the file, its size, and how often
    /// it is there besides.
    private static func part(
        _ setting: [UInt8], of contents: ArraySlice<UInt8>
    ) -> (range: Range<Int>, count: Int) {
        let start = contents.startIndex + Int(setting[0]) * contents.count / 256
        let range = start..<min(start + Int(setting[1]), contents.endIndex)
        return (range, range.isEmpty ? 0 : 1 << Int(setting[2] % 18))
    }
}
