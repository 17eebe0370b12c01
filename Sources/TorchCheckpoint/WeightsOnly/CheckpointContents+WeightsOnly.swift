import ByteIO
import Pickle
import ZipArchive

// What torch.load(weights_only=True) does with a file, beside the names in it: `Specs/weights-only.md`.
extension CheckpointContents {
    /// Checks a checkpoint that was read, if the policy is one of torch's.
    ///
    /// - Throws: ``CheckpointError/Code/refusedByWeightsOnly``; the code that a tensor or storage has
    ///   that this library does not read either.
    /// - Complexity: O(*n*) in the size of the pickle.
    func checkWeightsOnly(_ options: LoadOptions) throws(CheckpointError) {
        guard options.globals != .inert, let region = source.region else { return }
        switch source.format {
        case .legacy: try checkLegacy(region, options)
        case .pickle:
            throw .refusedByTorch("a pickle without a container is no file of torch.save")
        default:
            try checkRecords()
            do throws(CheckpointError) {
                try checkObject(options)
            } catch {
                throw error.inRecord(source.part.pickle)
            }
        }
    }

    /// The pickles of a file of torch before 1.6, each of which torch loads in the same way.
    private func checkLegacy(
        _ region: ByteRegion, _ options: LoadOptions
    ) throws(CheckpointError) {
        let objectOffset = source.legacy?.objectOffset ?? 0
        var position = 0
        while position < objectOffset {
            position += try check(rest(of: region, from: position), at: position, options)
        }
        do throws(CheckpointError) {
            try checkObject(options)
        } catch {
            throw error.movingOffset(by: objectOffset)
        }
        let keys = objectOffset + graph.byteCount
        _ = try check(rest(of: region, from: keys), at: keys, options)
    }

    private func rest(
        of region: ByteRegion, from position: Int
    ) throws(CheckpointError) -> ByteRegion {
        try region.slice(at: position, count: min(region.count - position, Int(Int32.max)))
    }

    /// Checks a pickle that has no storages.
    private func check(
        _ pickle: ByteRegion, at position: Int, _ options: LoadOptions
    ) throws(CheckpointError) -> Int {
        var machine = WeightsOnlyMachine(pickle, options, storages: nil)
        do throws(CheckpointError) {
            return try machine.run()
        } catch {
            throw error.movingOffset(by: position)
        }
    }

    private func checkObject(_ options: LoadOptions) throws(CheckpointError) {
        let pickle = try graph.source.slice(at: 0, count: graph.byteCount)
        let storages = RestoredStorages(self, options.mapLocation)
        var machine = WeightsOnlyMachine(pickle, options, storages: storages)
        do throws(CheckpointError) {
            _ = try machine.run()
        } catch {
            throw known(error)
        }
    }

    /// Checks that torch would load what is written of contents that were made in Swift.
    ///
    /// - Throws: ``CheckpointError/Code/refusedByWeightsOnly``,
    ///   ``CheckpointError/Code/forbiddenGlobal``.
    func checkWritten(_ policy: GlobalPolicy) throws(CheckpointError) {
        guard policy != .inert else { return }
        var machine = try WeightsOnlyMachine(
            graph.emitted().region, LoadOptions(globals: policy),
            storages: RestoredStorages(written: self))
        _ = try machine.run()
    }

    /// The error by which this library refuses the same tensor, if it does.
    private func known(_ error: CheckpointError) -> CheckpointError {
        guard error.code == .refusedByWeightsOnly, !(error.underlying is NotFollowed),
            let offset = error.offset,
            let id = graph.object(madeAt: offset)
        else { return error }
        do throws(CheckpointError) {
            _ = try resolver.value(id)
            return error
        } catch let own {
            return own.atOffset(offset)
        }
    }

    /// Checks the records that torch reads before the object, and how storages are compressed.
    private func checkRecords() throws(CheckpointError) {
        guard let records = source.records else { return }
        try Self.checkVersion(records)
        if let entry = records.entry("byteorder") {
            let order = try records.contents(of: entry).copyBytes()
            guard order == Array("little".utf8) || order == Array("big".utf8) else {
                throw CheckpointError.refusedByTorch("it takes 'little' and 'big' only")
                    .inRecord("byteorder")
            }
        }
        for entry in records.archive.entries
        where entry.compression != .stored && entry.compression != .deflated {
            let name = String(entry.name.dropFirst(records.folder.count))
            guard storages.recordNames.contains(name) else { continue }
            throw CheckpointError.refusedByTorch("a storage is compressed in an unknown way")
                .inRecord(name)
        }
    }

    private static func checkVersion(_ records: RecordArchive) throws(CheckpointError) {
        let record = records.has(".data/version") ? ".data/version" : "version"
        guard let version = try records.integer(in: record) else {
            throw .refusedByTorch("the archive has no record 'version'")
        }
        guard 1...ArchiveInfo.maximumVersion ~= version else {
            throw CheckpointError.refusedByTorch("it takes versions 1 to 10, and not \(version)")
                .inRecord(record)
        }
    }
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
