import ByteIO
import Pickle
import ZipArchive

extension FileScanner {
    /// Scans the pickle that a region is to begin with, and what follows behind it.
    mutating func scanPickles(_ region: ByteRegion, in place: ScanPlace) {
        let isLegacy = LegacyHeader.begins(region)
        let expected = isLegacy ? Self.legacyPickleCount : 1
        var position = 0
        var count = 0
        while count < expected, position < region.count {
            let trace = trace(region, at: position)
            guard count > 0 || trace.error == nil || trace.looksLikePickle else {
                return lookForPickles(in: region, 0..<region.count, place: place)
            }
            take(trace, of: region, at: position, in: place)
            count += 1
            position += trace.end
            if let error = trace.error {
                addUnreadable(error, in: place, at: position)
                break
            }
        }
        // The rest of a legacy file are its storages.
        guard position < region.count, !(isLegacy && count == expected) else { return }
        addRest(of: region, from: position, in: place)
    }

    private static let legacyPickleCount = 5

    private mutating func addUnreadable(
        _ error: CheckpointError, in place: ScanPlace, at offset: Int
    ) {
        report.add(
            error.code == .limitExceeded ? .limitReached : .unreadablePickle,
            "the pickle can't be read any further: \(error.reason). Python runs what is before",
            in: place, at: offset)
    }

    private mutating func addRest(of region: ByteRegion, from start: Int, in place: ScanPlace) {
        report.add(
            .trailingData, "\(region.count - start) bytes follow behind the pickle", in: place,
            at: start)
        lookForPickles(in: region, start..<region.count, place: place)
    }

    private mutating func trace(_ region: ByteRegion, at offset: Int) -> PickleTrace {
        let rest = try? region.slice(at: offset, count: region.count - offset)
        var limits = pickleLimits
        limits.bytes = min(limits.bytes, max(tracedBytes, 0))
        let trace = PickleTrace(of: rest ?? ByteRegion(), limits: limits, nameBytes: &nameBytes)
        tracedBytes -= trace.end
        return trace
    }

    /// Reports a pickle, and has what its literals hold scanned.
    private mutating func take(
        _ trace: PickleTrace, of region: ByteRegion, at offset: Int, in place: ScanPlace
    ) {
        report.add(trace, in: place, at: offset)
        guard !trace.literals.isEmpty,
            let pickle = try? region.slice(at: offset, count: region.count - offset)
        else { return }
        for literal in trace.literals.prefix(Self.maximumLiteralCount) {
            guard let contents = literal.contents(in: pickle) else { continue }
            let start = offset + literal.range.lowerBound
            scanHidden(contents, what: "a text or byte string", in: place, at: start)
        }
        if trace.literals.count > Self.maximumLiteralCount {
            report.add(
                .limitReached, "\(trace.literals.count) texts begin like files", in: place,
                at: offset)
        }
    }

    private static let maximumLiteralCount = 1024

    /// Scans bytes that begin like a file, if they are one.
    ///
    /// - Parameter offset: Where they are, or nil when they are a record.
    mutating func scanHidden(
        _ region: ByteRegion, what: String, in place: ScanPlace, at offset: Int? = nil
    ) {
        if let objects = region.numPyObjects, tracesToPickle(objects) {
            report.add(
                .hiddenPickle, "\(what) is an array of pickled objects", in: place, at: offset)
            return scanLater(objects, in: place.nested(at: offset))
        }
        guard tracedBytes > 0 else {
            return report.add(
                .limitReached, "\(what) is not looked at: all pickles together are too large",
                in: place, at: offset)
        }
        let signature = FileSignature(of: region)
        // Any number can begin like an archive; without a directory it is none.
        let isArchive = signature == .zip ? ZipSurvey.isArchive(region) : signature == .tar
        guard isArchive || tracesToPickle(region) else { return }
        report.add(
            .hiddenPickle, "\(what) holds \(isArchive ? "an archive" : "a pickle")", in: place,
            at: offset)
        scanLater(region, in: place.nested(at: offset))
    }

    /// Whether a region begins with a pickle that names something.
    ///
    /// One that can't be read to its end counts if it calls something, as Python does so before it
    /// gives up.
    mutating func tracesToPickle(_ region: ByteRegion) -> Bool {
        trace(region, at: 0).isPickle || LegacyHeader.begins(region)
    }

    /// Tries all places in a range at which a pickle could begin.
    ///
    /// - Parameter isExpected: Whether there are to be some.
    mutating func lookForPickles(
        in region: ByteRegion, _ range: Range<Int>, place: ScanPlace, isExpected: Bool = false
    ) {
        var position = range.lowerBound
        var isFirst = true
        while position < range.upperBound {
            guard isFirst || region.bytes.beginsPickle(at: position) else {
                position += 1
                continue
            }
            isFirst = false
            guard attempts > 0, attemptedBytes > 0 else {
                return report.add(
                    .limitReached, "more places could be the beginning of a pickle than are tried",
                    in: place, at: position)
            }
            let trace = trace(region, at: position)
            attempts -= 1
            attemptedBytes -= trace.end
            guard trace.isPickle else {
                position += 1
                continue
            }
            if !isExpected {
                report.add(
                    .hiddenPickle, "there is a pickle where none is looked for", in: place,
                    at: position)
            }
            take(trace, of: region, at: position, in: place)
            position += max(trace.end, 1)
            if let error = trace.error, error.code == .limitExceeded {
                addUnreadable(error, in: place, at: position)
            }
        }
    }
}

extension PickleTrace {
    /// Whether it is a pickle that names something, and no data that happen to look like one.
    ///
    /// What is longer than can be looked at is taken for one.
    var isPickle: Bool {
        guard let error else { return !mentions.isEmpty || !literals.isEmpty }
        return error.code == .limitExceeded || (!mentions.isEmpty && hasCalls)
    }

    /// Whether it was meant to be a pickle, even if it can't be read to its end.
    var looksLikePickle: Bool { statesProtocol || !mentions.isEmpty }
}

extension RawSpan {
    /// Whether the protocol of a pickle is at an offset.
    fileprivate func beginsPickle(at offset: Int) -> Bool {
        byte(at: offset) == 0x80 && offset + 1 < byteCount && byte(at: offset + 1) <= 5
    }
}
