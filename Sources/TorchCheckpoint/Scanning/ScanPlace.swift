/// Where in a file something is that is scanned.
struct ScanPlace {
    /// The record or member, with those around it; nil for the file itself.
    var record: String?
    /// What offsets are counted from.
    var offset = 0
    /// How many files are around it.
    var depth = 0
    /// Whether C++ reads it, as a part of a TorchScript archive.
    var isScript = false

    /// The same record, further on.
    func moved(by offset: Int) -> ScanPlace {
        var place = self
        place.offset += offset
        return place
    }

    /// A record of the archive that is here.
    func inside(_ name: String) -> ScanPlace {
        var place = ScanPlace(record: label(name))
        (place.depth, place.isScript) = (depth, isScript)
        return place
    }

    /// A file that is here, from a byte on.
    func nested(at offset: Int? = nil) -> ScanPlace {
        var place = self
        if let offset { place.record = label("byte \(self.offset + offset)") }
        place.offset = 0
        place.depth += 1
        place.isScript = false
        return place
    }

    private func label(_ name: String) -> String { record.map { "\($0)!\(name)" } ?? name }
}
