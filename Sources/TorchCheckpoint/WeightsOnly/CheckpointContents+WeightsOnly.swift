import ByteIO
import Pickle

// What torch.load(weights_only=True) does with a file, beside the names in it: `Specs/weights-only.md`.
extension CheckpointContents {
    /// Checks a checkpoint that was read, if the policy is one of torch's.
    ///
    /// - Throws: ``CheckpointError/Code/refusedByWeightsOnly``; the code that a tensor or storage has
    ///   that this library does not read either.
    /// - Complexity: O(*n*) in the size of the pickle.
    func checkWeightsOnly(_ options: LoadOptions) throws(CheckpointError) {
        guard options.globals != .inert, source.region != nil else { return }
        if let legacy = source.legacy { return try checkLegacy(legacy, options) }
        switch source.format {
        case .pickle:
            throw .refusedByTorch("a pickle without a container is no file of torch.save")
        default:
            try source.records?.checkWeightsOnly(storages: storages.recordNames)
            do throws(CheckpointError) {
                try checkObject(options)
            } catch {
                throw error.inRecord(source.part.pickle)
            }
        }
    }

    /// The pickles of a file of torch before 1.6, each of which torch loads in the same way.
    private func checkLegacy(
        _ file: LegacySource, _ options: LoadOptions
    ) throws(CheckpointError) {
        var position = 0
        while position < file.objectOffset {
            let rest = try file.header.slice(at: position, count: file.objectOffset - position)
            position += try check(rest, at: position, options)
        }
        do throws(CheckpointError) {
            try checkObject(options)
        } catch {
            throw error.movingOffset(by: file.objectOffset)
        }
        _ = try check(file.keys, at: file.objectOffset + graph.byteCount, options)
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
}
