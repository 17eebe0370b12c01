import ByteIO
import Pickle

extension FileScanner {
    /// Scans a tar archive, whose members torch 0.1 made of pickles with numbers between them.
    mutating func scanTar(_ region: ByteRegion, in place: ScanPlace) {
        do throws(CheckpointError) {
            let archive = try TarArchive(region)
            for name in archive.names {
                guard let contents = archive.contents(of: name) else { continue }
                scan(contents, of: name, in: place.inside(name))
            }
            scanEnd(of: archive, region, in: place)
        } catch {
            report.add(
                error.code == .duplicateRecord ? .duplicateRecord : .damagedArchive, error.reason,
                in: place, at: error.offset)
            lookForPickles(in: region, 0..<region.count, place: place)
        }
    }

    // Blocks of zeros end the archive.
    private mutating func scanEnd(
        of archive: TarArchive, _ region: ByteRegion, in place: ScanPlace
    ) {
        let rest = region.bytes.extracting(archive.end..<region.count)
        var zeros = 0
        while zeros < rest.byteCount, rest.byte(at: zeros) == 0 { zeros += 1 }
        guard zeros < rest.byteCount else { return }
        let start = archive.end + zeros
        report.add(
            .trailingData, "\(region.count - start) bytes follow behind the archive", in: place,
            at: start)
        lookForPickles(in: region, start..<region.count, place: place)
    }

    private mutating func scan(_ contents: ByteRegion, of name: String, in place: ScanPlace) {
        if name.isUnsafePath {
            report.add(
                .unsafePath, "leads out of the folder that the archive is unpacked into", in: place)
        }
        switch name {
        case "pickle", "sys_info": scanPickles(contents, in: place)
        case "storages", "tensors":
            lookForPickles(
                in: contents, 0..<contents.count, place: place, isExpected: true)
        default: scanHidden(contents, what: "the member", in: place)
        }
    }
}
