import Pickle
import TorchCheckpoint

/// Asks every object below a value for everything that it may be.
func readValues(below root: CheckpointValue) {
    var seen: Set<NodeID> = []
    var left = [root]
    var modules = 0
    // A bound for the inputs whose objects share what is in them; mutation makes few larger ones.
    while let value = left.popLast(), seen.count < 1 << 12 {
        guard seen.insert(value.id).inserted else { continue }
        readScalars(of: value)
        readParts(of: value)
        if modules < 8, value.isModule {
            modules += 1
            attempt { try value.moduleStateDict().description }
        }
        left += value.array ?? []
        left += value.dictionary.map { Array($0.values) } ?? []
        left += value.fields.values
        left += [value.arguments, value.keywordArguments].compactMap { $0 }
    }
}

private func readScalars(of value: CheckpointValue) {
    _ = (value.kind, value.typeName.description, value.bool, value.int, value.bigInteger)
    _ = (value.double, value.string, value.text, value.complex, value.bytes, value.dtype)
    _ = (value.device, value.date, value.calendarDate, value.timeOfDay, value.timeDelta)
    _ = (value.filePath, value.count, value.isNone)
}

private func readParts(of value: CheckpointValue) {
    if value.isAnyTensor { attempt { try readTensor(value.tensorValue()) } }
    if value.storage != nil {
        _ = value.storageDType
        attempt { try readElements(value.storageTensor()) }
    }
    if let scalar = value.numpyScalar {
        _ = (scalar.description, scalar.bigInteger, scalar.double, scalar.bool, scalar.complex)
        _ = (scalar.string, scalar.byteString)
    }
    _ = value.numpyDType?.description
    if value.kind == .numpyArray { attempt { try readArray(value.numpyArray()) } }
}

private func readArray(_ array: NumPyArray) {
    _ = (array.bytes.count, array.strings?.count, array.objects?.count)
    for field in array.dtype.fields.prefix(4) { attempt { try array.field(field.name) } }
    attempt { try readElements(array.tensor()) }
}
