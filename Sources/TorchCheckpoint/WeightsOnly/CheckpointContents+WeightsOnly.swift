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
        guard options.globals != .inert, let region = source.region else { return }
        switch source.format {
        case .legacy: try checkLegacy(region, options)
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
}
