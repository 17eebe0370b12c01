import ByteIO
import Pickle
import ZipArchive

extension FileScanner {
    /// Scans all that any reader could find in a zip archive.
    mutating func scanArchive(_ region: ByteRegion, in place: ScanPlace) {
        let survey = ZipSurvey(region, limits: limits.zipLimits, headerBytes: &headerBytes)
        for oddity in survey.oddities {
            report.add(
                oddity.kind.code, oddity.reason,
                in: oddity.record.map { place.inside($0) } ?? place,
                at: oddity.record == nil ? oddity.offset : nil)
        }
        addSurroundings(of: survey, region, in: place)
        let records = ScannedRecords(survey.entries)
        var place = place
        place.isScript = records.isScript
        if records.isScript {
            report.add(
                .scriptCode, "holds code of TorchScript, which runs when the model is called",
                in: place)
        }
        for (index, entry) in survey.entries.enumerated() {
            scan(entry, records.role(of: index), region, in: place.inside(entry.name))
        }
    }

    private mutating func addSurroundings(
        of survey: ZipSurvey, _ region: ByteRegion, in place: ScanPlace
    ) {
        for range in survey.gaps + survey.asides {
            lookForPickles(in: region, range, place: place)
        }
        if !survey.prefix.isEmpty {
            report.add(
                .prefixedArchive, "\(survey.prefix.count) bytes are before the first entry",
                in: place, at: 0)
            lookForPickles(in: region, survey.prefix, place: place)
        }
        if !survey.trailer.isEmpty {
            report.add(
                .trailingData, "\(survey.trailer.count) bytes follow behind the archive", in: place,
                at: survey.trailer.lowerBound)
            lookForPickles(in: region, survey.trailer, place: place)
        }
    }

    private mutating func scan(
        _ entry: SurveyedEntry, _ role: ScannedRecords.Role, _ region: ByteRegion,
        in place: ScanPlace
    ) {
        let isStorage = role == .storage || role == .weight
        if isStorage, !entry.isStored {
            report.add(
                .mmapUnsafe,
                "is compressed; torch.load(mmap=True) takes the compressed bytes for elements",
                in: place)
        }
        if isStorage, !entry.data.isEmpty, entry.data.lowerBound % Self.alignment != 0 {
            report.add(
                .mmapUnsafe,
                "begins at byte \(entry.data.lowerBound), no multiple of \(Self.alignment), where "
                    + "torch.load(mmap=True) leaves it", in: place)
        }
        for method in entry.methods {
            entryBytes -=
                method == 0
                ? entry.data.count
                : min(Int(clamping: entry.byteCount), max(limits.inflatedBytes, 0))
            guard entryBytes >= 0 else {
                entryBytes = 0
                return report.add(
                    .limitReached, "is not looked at: all entries together are too large", in: place
                )
            }
            do throws(CheckpointError) {
                let contents = try entry.contents(
                    in: region, method: method, maximumByteCount: limits.inflatedBytes)
                checkChecksum(of: entry, contents, in: place)
                scan(contents, role, in: place)
            } catch {
                report.add(ScanFinding.Code(ofReading: error), error.reason, in: place)
            }
        }
    }

    /// What the address of a number has to be a multiple of, whatever number it is.
    private static let alignment = 8

    private mutating func checkChecksum(
        of entry: SurveyedEntry, _ contents: ByteRegion, in place: ScanPlace
    ) {
        guard entry.crc32 != 0, entry.methods.count == 1 else { return }
        var checksum = CRC32()
        checksum.update(contents.bytes)
        guard checksum.value != entry.crc32 else { return }
        report.add(
            .checksumMismatch,
            "has the checksum \(checksum.value.hexadecimal), \(entry.crc32.hexadecimal) is said; "
                + "some readers refuse it, torch does not look", in: place)
    }

    private mutating func scan(
        _ contents: ByteRegion, _ role: ScannedRecords.Role, in place: ScanPlace
    ) {
        switch role {
        case .pickle: scanPickles(contents, in: place)
        case .file: scanLater(contents, in: place.nested())
        case .storage:
            // Elements can begin like anything; a whole pickle that names something is no chance.
            guard contents.bytes.beginsLikeFile else { return }
            scanHidden(contents, what: "the record", in: place)
        case .code: scanCode(contents, in: place)
        case .bytecode:
            scanBytecode(contents, in: place)
            scanPickles(contents, in: place)
        case .program:
            scanProgram(contents, in: place)
            scanHidden(contents, what: "the record", in: place)
        case .weight, .other: scanHidden(contents, what: "the record", in: place)
        }
    }
}

extension RawSpan {
    /// Whether the protocol of a pickle or the signature of a zip entry or of an array of NumPy is at
    /// the start.
    fileprivate var beginsLikeFile: Bool {
        guard byteCount >= 4 else { return false }
        return [0x0403_4B50, Self.numPySignature].contains(littleEndian32(at: 0))
            || (byte(at: 0) == 0x80 && byte(at: 1) <= 5)
    }
}

extension SurveyOddity.Kind {
    fileprivate var code: ScanFinding.Code {
        switch self {
        case .duplicate: .duplicateRecord
        case .contradiction: .contradictoryHeaders
        case .overlap: .overlappingRecords
        case .encrypted: .encryptedRecord
        case .damage: .damagedArchive
        case .unlisted: .unlistedData
        case .unsafePath: .unsafePath
        case .limit: .limitReached
        }
    }
}

extension ScanFinding.Code {
    /// What it is called that an entry can't be read.
    fileprivate init(ofReading error: CheckpointError) {
        switch error.code {
        case .limitExceeded, .outOfMemory: self = .limitReached
        case .unsupportedCompression: self = .unsupportedCompression
        default: self = .damagedArchive
        }
    }
}
