import ByteIO
import Pickle
import ZipArchive

// What torch.load(weights_only=True) does with an archive: `Specs/weights-only.md`, "Files".
extension RecordArchive {
    /// Checks the directory, the records that torch reads before the object, and how storages are
    /// compressed.
    ///
    /// - Parameter storages: The records of storages that the object refers to.
    /// - Throws: ``CheckpointError/Code/refusedByWeightsOnly``.
    func checkWeightsOnly(
        storages: @autoclosure () -> Set<String>
    ) throws(CheckpointError) {
        guard archive.isEndTakenByTorch else {
            throw .refusedByTorch("it takes something else for the archive's end record")
        }
        guard !archive.hasOldNames else {
            throw .refusedByTorch("the name of a record is not UTF-8")
        }
        try checkVersion()
        try checkText(of: "byteorder", "it takes 'little' and 'big' only") {
            $0.elementsEqual("little") || $0.elementsEqual("big")
        }
        try checkText(of: ".data/serialization_id", "it is no text") {
            String(validatingUTF8: $0) != nil
        }
        guard archive.hasUnknownMethods else { return }
        let storages = storages()
        for entry in archive.entries where entry.compression.isUnknown {
            let name = String(entry.name.dropFirst(folder.count))
            guard storages.contains(name) else { continue }
            throw CheckpointError.refusedByTorch("a storage is compressed in an unknown way")
                .inRecord(name)
        }
    }

    private func checkVersion() throws(CheckpointError) {
        let record = has(".data/version") ? ".data/version" : "version"
        guard let version = try integer(in: record) else {
            throw .refusedByTorch("the archive has no record 'version'")
        }
        guard 1...ArchiveInfo.maximumVersion ~= version else {
            throw CheckpointError.refusedByTorch("it takes versions 1 to 10, and not \(version)")
                .inRecord(record)
        }
    }

    /// Checks the bytes of a record, if it is there.
    private func checkText(
        of record: String, _ reason: String, isTaken: (RawSpan) -> Bool
    ) throws(CheckpointError) {
        guard let entry = entry(record) else { return }
        let contents = try contents(of: entry)
        guard isTaken(contents.bytes) else {
            throw CheckpointError.refusedByTorch(reason).inRecord(record)
        }
    }
}

extension ZipEntry.Compression {
    fileprivate var isUnknown: Bool { self != .stored && self != .deflated }
}

extension GlobalPolicy {
    /// Checks that torch takes what lies in an archive.
    func check(_ kind: ArchiveKind) throws(CheckpointError) {
        guard self != .inert else { return }
        switch kind {
        case .pickle: return
        case .script, .scriptOf2019:
            throw .refusedByTorch("it is a TorchScript archive")
        case .export, .rootlessExport:
            throw .refusedByTorch(
                "it is an archive of torch.export, which torch.load does not read")
        }
    }

    /// Checks that torch takes tar archives, as no policy of names does.
    func checkTar() throws(CheckpointError) {
        guard self == .inert else {
            throw .refusedByTorch("it is a tar archive of torch 0.1")
        }
    }
}
