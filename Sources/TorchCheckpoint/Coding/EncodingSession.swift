import ByteIO
import Pickle

/// What all encoders of one call share.
final class EncodingSession {
    let contents = CheckpointContents()
    let userInfo: [CodingUserInfoKey: any Sendable]
    /// Values of other graphs, which are copied together, so that they share what they share there.
    private var values: [CheckpointValue] = []
    private var copies: [NodeID] = []
    /// What an encoder was asked for that makes no sense, where it can't throw.
    var failure: CheckpointError?

    init(userInfo: [CodingUserInfoKey: any Sendable]) { self.userInfo = userInfo }

    func part(of value: CheckpointValue) -> EncodedPart {
        values.append(value)
        return .value(values.count - 1)
    }

    /// Whether Python can have a part in a set.
    func isHashable(_ part: EncodedPart) -> Bool {
        switch part {
        case .object(let id): CheckpointValue(contents: contents, id: id).isHashable
        case .value(let place): values[place].isHashable
        case .list(let list): list.kind == .tuple && list.elements.allSatisfy(isHashable)
        case .dictionary: false
        case .encoder(let encoder): encoder.part.map(isHashable) ?? false
        }
    }

    /// The value that everything which was encoded is.
    ///
    /// - Throws: ``CheckpointError``.
    func finish(_ root: EncodedPart) throws(CheckpointError) -> CheckpointValue {
        if let failure { throw failure }
        copies = try contents.add(contentsOf: values)
        let id = try id(of: root)
        contents.updateRoles()
        return CheckpointValue(contents: contents, id: id)
    }

    // As deep as encoders may be nested, and no deeper.
    private func id(of part: EncodedPart) throws(CheckpointError) -> NodeID {
        switch part {
        case .object(let id): return id
        case .value(let place): return copies[place]
        case .list(let list):
            var ids: [NodeID] = []
            for element in list.elements { try ids.append(id(of: element)) }
            return add(ids, list.kind)
        case .dictionary(let dictionary): return try id(of: dictionary)
        case .encoder(let encoder):
            return try encoder.part.map { part throws(CheckpointError) in try id(of: part) }
                ?? contents.graph.addDictionary()
        }
    }

    private func add(_ ids: [NodeID], _ kind: EncodedList.Kind) -> NodeID {
        switch kind {
        case .list: contents.graph.addList(ids)
        case .tuple: contents.graph.addTuple(ids)
        case .set: contents.graph.addSet(ids)
        }
    }

    private func id(of dictionary: EncodedDictionary) throws(CheckpointError) -> NodeID {
        var ids: [NodeID] = []
        for (key, part) in dictionary.entries {
            if case .string(let name) = key, dictionary.hasNames {
                try ids.append(contents.graph.addInterned(name))
            } else {
                try ids.append(contents.add(key))
            }
            try ids.append(id(of: part))
        }
        return contents.graph.addDictionary(ids)
    }
}

extension CheckpointValue {
    /// Whether Python can have the value in a set, as far as two levels of tuples tell.
    fileprivate var isHashable: Bool {
        guard kind == .tuple else { return isHashableAlone }
        return (array ?? []).allSatisfy { element in
            element.isHashableAlone && (element.array ?? []).allSatisfy(\.isHashableAlone)
        }
    }

    private var isHashableAlone: Bool {
        switch kind {
        case .list, .dictionary, .set, .byteArray: false
        default: true
        }
    }
}
