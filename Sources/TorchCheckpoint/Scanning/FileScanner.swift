import ByteIO
import Pickle
import Safetensors
import ZipArchive

/// Looks through a file and through the files in it.
struct FileScanner {
    let limits: ScanLimits
    var report = ScanReport()
    /// The format of the file itself.
    private(set) var format: FileFormat?

    /// What pickles may cost: no more than they do when each byte of the file is an instruction.
    private(set) var pickleLimits: PickleLimits

    /// What is still to be looked at.
    private var pending: [(region: ByteRegion, place: ScanPlace)] = []
    /// How many more places may be tried at which a pickle could begin, and how many bytes of them.
    var attempts: Int
    var attemptedBytes = 1 << 24
    /// How many more bytes of pickles are followed.
    var tracedBytes = 0
    /// How many more bytes of headers of zip archives are looked at.
    var headerBytes = 0
    /// How many more bytes of names are made of texts.
    var nameBytes = PickleTrace.maximumFreeNameBytes
    /// How many more bytes of entries are read: thousands of entries can share theirs.
    var entryBytes: Int

    init(limits: ScanLimits) {
        self.limits = limits
        pickleLimits = limits.pickleLimits
        attempts = limits.attempts
        entryBytes = max(limits.inflatedBytes, 0).multipliedCapped(by: Self.fullEntries)
    }

    /// How many entries of the largest size a small file may have, and how many times its own size
    /// what it holds may have beside.
    private static let (fullEntries, entryRatio) = (4, 8)
    private static let maximumFreeTracedBytes = 1 << 26
    /// How many objects of any kind the pickles of a small file may have.
    private static let maximumFreeObjects = 1 << 20

    /// Scans the file that is `region`.
    mutating func scan(_ region: ByteRegion) {
        entryBytes = entryBytes.addingCapped(region.count.multipliedCapped(by: Self.entryRatio))
        attemptedBytes = attemptedBytes.addingCapped(region.count.addingCapped(region.count))
        tracedBytes = Self.maximumFreeTracedBytes.addingCapped(
            region.count.multipliedCapped(by: Self.entryRatio))
        headerBytes = ZipSurvey.headerBytes(ofFile: region.count)
        let objects = max(region.count, Self.maximumFreeObjects)
        pickleLimits.stackObjects = min(pickleLimits.stackObjects, objects)
        pickleLimits.memoSlots = min(pickleLimits.memoSlots, objects)
        pickleLimits.nodes = min(pickleLimits.nodes, objects)
        format = readStrictly(region)
        pending.append((region, ScanPlace()))
        while let (region, place) = pending.popLast() { scanFormats(of: region, in: place) }
    }

    /// Has a file inside another one scanned.
    mutating func scanLater(_ region: ByteRegion, in place: ScanPlace) {
        guard place.depth <= limits.depth else {
            return report.add(
                .limitReached, "files are inside each other more than \(limits.depth) deep",
                in: place)
        }
        pending.append((region, place))
    }

    /// Reads the file as any program that uses this library would.
    private mutating func readStrictly(_ region: ByteRegion) -> FileFormat? {
        let signature = FileSignature(of: region)
        do {
            if signature == .safetensors {
                _ = try SafetensorsFile(region)
                return .safetensors
            }
            var zipLimits = limits.zipLimits
            zipLimits.inflatedBytes = min(zipLimits.inflatedBytes, limits.inflatedBytes)
            let options = LoadOptions(zipLimits: zipLimits, pickleLimits: limits.pickleLimits)
            let checkpoint = try Checkpoint(region: region, options: options)
            _ = try checkpoint.tensorValues()
            _ = try checkpoint.constantTensors()
            if let trailer = checkpoint.contents.source.legacy?.trailer, trailer.count > 0 {
                addTrailer(trailer, of: region)
            }
            return checkpoint.format
        } catch let error as CheckpointError {
            report.add(
                .refused, "is not read here: \(error.reason)",
                in: ScanPlace(record: error.record), at: error.offset, error: error.code)
        } catch {
            report.add(.refused, "is not read here: \(error)", in: ScanPlace())
        }
        return FileFormat(signature)
    }

    private mutating func addTrailer(_ trailer: ByteRegion, of region: ByteRegion) {
        let start = region.count - trailer.count
        report.add(
            .trailingData, "\(trailer.count) bytes follow behind the last storage",
            in: ScanPlace(), at: start)
        lookForPickles(in: region, start..<region.count, place: ScanPlace())
    }

    /// Scans a file as each of the formats that some reader would take it for.
    private mutating func scanFormats(of region: ByteRegion, in place: ScanPlace) {
        let signature = FileSignature(of: region)
        if signature == .zip {
            scanArchive(region, in: place)
        } else if ZipSurvey.isArchive(region) {
            let isKnown = FileFormat(signature) != nil
            report.add(
                isKnown ? .polyglot : .prefixedArchive,
                "is a zip archive too, to readers that look for one from the end", in: place)
            scanArchive(region, in: place)
        }
        switch signature {
        case .tar:
            // Readers that know no tar begin at its first name.
            lookForPickles(in: region, 0..<1, place: place)
            scanTar(region, in: place)
        case .zip: break
        case .safetensors:
            // One that is whole has no room for anything behind it, but torch begins with the header,
            // as a pickle.
            let isWhole = (try? SafetensorsFile(region)) != nil
            lookForPickles(in: region, 0..<(isWhole ? 1 : region.count), place: place)
        default: scanPickles(region, in: place)
        }
    }
}
