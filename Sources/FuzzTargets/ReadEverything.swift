import Pickle
import TorchCheckpoint

/// Asks a checkpoint for all that there is to ask for.
func readEverything(_ checkpoint: Checkpoint) {
    _ = (checkpoint.description, checkpoint.root.description)
    // By itself it goes on to 16 million characters, as documented, where objects share others.
    _ = checkpoint.root.pythonRepr(maximumCharacters: 1 << 14)
    _ = (checkpoint.archiveInfo, checkpoint.byteOrder, checkpoint.constants?.description)
    readValues(below: checkpoint.root)
    attempt { try checkpoint.totals() }
    attempt { try checkpoint.verifyChecksums() }
    attempt { for entry in try checkpoint.tensors().prefix(16) { readElements(entry.tensor) } }
    attempt { for entry in try checkpoint.tensorValues().prefix(16) { readTensor(entry.value) } }
    attempt { for entry in try checkpoint.constantTensors().prefix(16) { readTensor(entry.value) } }
    attempt {
        for path in try checkpoint.stateDictPaths().prefix(16) {
            attempt { try readStateDict(checkpoint.stateDict(at: path)) }
        }
    }
    readProgram(checkpoint)
    convert(checkpoint)
    decode(checkpoint)
}

private func readStateDict(_ stateDict: StateDict) {
    _ = (stateDict.description, stateDict.metadata?.description, stateDict.extras.count)
    attempt { try stateDict.strippingPrefix("module.") }
}

private func readProgram(_ checkpoint: Checkpoint) {
    guard let script = checkpoint.torchScript else { return }
    for name in script.codeNames.prefix(16) { attempt { try script.code(named: name) } }
    for name in script.extraFileNames.prefix(16) { attempt { try script.extraFile(named: name) } }
}

private func convert(_ checkpoint: Checkpoint) {
    attempt { try checkpoint.extractingWeights() }
    attempt { try checkpoint.replacingModules() }
    attempt {
        var contents = try checkpoint.safetensorsContents()
        contents.leaveOutUnsupported()
    }
}

private func decode(_ checkpoint: Checkpoint) {
    attempt { try checkpoint.decode(DecodedTree.self) }
    attempt { try checkpoint.decode([String: CheckpointValue].self) }
    attempt { try OptimizerState(checkpointValue: checkpoint.root).description }
    attempt { try LRSchedulerState(checkpointValue: checkpoint.root) }
    attempt { try checkpoint.decode([String: Double].self) }
}

/// Anything that decoders know: what a type of a user may ask for.
private indirect enum DecodedTree: Decodable {
    case nothing
    case leaf(String)
    case list([DecodedTree])
    case entries([String: DecodedTree])

    init(from decoder: any Decoder) throws {
        if let entries = try? [String: DecodedTree](from: decoder) {
            self = .entries(entries)
        } else if let list = try? [DecodedTree](from: decoder) {
            self = .list(list)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() { self = .nothing; return }
            self = try .leaf(
                (try? container.decode(String.self)) ?? "\(container.decode(Double.self))")
        }
    }
}
