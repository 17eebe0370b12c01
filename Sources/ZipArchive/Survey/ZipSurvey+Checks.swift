import ByteIO

extension ZipSurvey {
    /// Finds names that stand twice, and those that lead elsewhere when they are unpacked.
    mutating func checkNames() {
        var places: [String: Int] = [:]
        for (place, entry) in entries.enumerated() {
            if let previous = places.updateValue(place, forKey: entry.name.foldingASCIICase()) {
                note(
                    .duplicate,
                    entries[previous].name == entry.name
                        ? "is in the archive twice"
                        : "is in the archive, and so is '\(entries[previous].name)'",
                    at: entry.headerOffset, record: entry.name)
            }
            if entry.name.isUnsafePath {
                note(
                    .unsafePath, "leads out of the folder that the archive is unpacked into",
                    at: entry.headerOffset, record: entry.name)
            }
        }
    }

    /// Finds entries that share bytes with the one before, or with a directory.
    mutating func checkOverlap(with directories: [SurveyedDirectory]) {
        let sorted = entries.sorted { $0.headerOffset < $1.headerOffset }
        var (end, last) = (0, "")
        for entry in sorted {
            if entry.headerOffset < end {
                note(
                    .overlap, "shares bytes with '\(last)'", at: entry.headerOffset,
                    record: entry.name)
            }
            if entry.origin == .directory,
                directories.contains(where: { entry.data.overlaps($0.start..<$0.endRecords) })
            {
                note(
                    .overlap, "shares bytes with the directory", at: entry.headerOffset,
                    record: entry.name)
            }
            if entry.data.upperBound > end { (end, last) = (entry.data.upperBound, entry.name) }
        }
    }
}
