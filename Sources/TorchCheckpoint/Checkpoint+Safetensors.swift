public import OrderedCollections
public import Safetensors
public import SystemPackage
public import Tensors

extension StateDict {
    /// Writes the tensors to a safetensors file.
    ///
    /// The file's metadata says `format: pt`, as Python's converters have it, unless it is given.
    ///
    /// - Parameters:
    ///   - path: The file to write or replace; it appears only when it is whole.
    ///   - sharedStorage: What to do with tensors that share memory.
    ///   - metadata: Text by key for the file's header.
    ///   - progress: Called with the bytes written and all bytes; what it throws ends the writing.
    /// - Throws: ``CheckpointError/Code/unsupportedDType`` when there are sparse or nested tensors
    ///   among the ``extras``, which are left out otherwise; ``CheckpointError``, and what `progress`
    ///   throws.
    /// - Complexity: O(*n*) in the bytes written; memory stays small.
    public func writeSafetensors(
        to path: FilePath, sharedStorage: SharedStoragePolicy = .reject,
        metadata: OrderedDictionary<String, String> = ["format": "pt"],
        progress: (_ written: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        try Checkpoint.SafetensorsContents(self).checkSupported()
        try SafetensorsWriter.write(
            tensors, to: path, metadata: metadata, sharedStorage: sharedStorage,
            progress: progress)
    }
}

extension Checkpoint {
    /// What goes into a safetensors file, and what has no place in one.
    public struct SafetensorsContents: Sendable {
        /// The tensors, named by the dotted path from where the conversion starts.
        public var tensors: OrderedDictionary<String, Tensor> = [:]
        /// `format: pt`, and the numbers and short texts of the checkpoint by their dotted paths.
        public var metadata: OrderedDictionary<String, String> = ["format": "pt"]
        /// The sparse and nested tensors, which the format has no place for.
        ///
        /// Whoever writes ``tensors`` leaves them out; ``densify()`` moves them there.
        public var unsupported: OrderedDictionary<String, TensorValue> = [:]
        /// The dotted paths of numbers, texts and objects that the file has no room for.
        public var leftOut: [String] = []

        /// Moves the tensors that the format does not have to ``leftOut``: those of other dtypes,
        /// without data, and ``unsupported`` ones.
        public mutating func leaveOutUnsupported() {
            let others = tensors.filter {
                SafetensorsDType($0.value.dtype) == nil || !$0.value.hasData
            }
            leftOut += others.keys
            tensors.removeAll { others[$0.key] != nil }
            leftOut += unsupported.keys
            unsupported = [:]
        }

        /// The most values that are noted in the metadata.
        public static let maximumMetadataCount = 256
        /// The longest text that is noted in the metadata, in bytes of UTF-8.
        public static let maximumTextByteCount = 4096
    }

    /// Gathers what a safetensors file can hold, from the root or from somewhere inside.
    ///
    /// Dictionaries, lists and tuples are followed, and names are joined by dots. Of a whole module,
    /// what its `state_dict()` has is taken. Objects of other classes are left out, because what is
    /// inside them has no name that torch would give it.
    ///
    /// - Parameters:
    ///   - path: Where to start.
    ///   - name: The name of a tensor that is there itself; nil for the last step of the path.
    /// - Throws: ``CheckpointError/Code/keyNotFound`` when there is nothing at `path`, or no tensor
    ///   below it; ``CheckpointError/Code/duplicateName``.
    /// - Complexity: O(*n*) in the number of objects; no elements are read.
    public func safetensorsContents(
        at path: CheckpointPath = [], rootName name: String? = nil
    ) throws -> SafetensorsContents {
        var gathered = SafetensorsContents()
        let start = try value(at: path)
        if let stateDict = try torchScriptStateDict(of: start, at: path) {
            let contents = try SafetensorsContents(stateDict)
            if !contents.isEmpty { return contents }
        }
        let name = name ?? path.keys.last?.description ?? "tensor"
        var effort = Effort(forModulesOf: contents)
        var traversal = Traversal(start, repeats: true) { $0.isConvertedContainer || $0.isObject }
        while let visit = try traversal.next() {
            if visit.value.isObject { traversal.leaveOut { _ in true } }
            if visit.value.isAnyTensor {
                try gathered.add(
                    visit.value, at: traversal.takePath(), below: path, rootName: name)
            } else if visit.value.isModule {
                try gathered.add(
                    visit.value.moduleState(&effort), of: visit.value, at: traversal.takePath(),
                    below: path)
            } else if visit.isRepeated || !visit.value.isConvertedContainer {
                try gathered.note(visit.value, at: traversal.takePath())
            }
        }
        guard !gathered.isEmpty else {
            let error = CheckpointError(
                .keyNotFound, "there is no tensor at \(path.keys.isEmpty ? "the root" : "\(path)")",
                advice: noTensorAdvice())
            throw contents.locating(error, at: nil)
        }
        return gathered
    }
}

extension CheckpointValue {
    fileprivate var isConvertedContainer: Bool {
        switch kind {
        case .dictionary, .list, .tuple: true
        default: false
        }
    }

    fileprivate var isObject: Bool { kind == .object }

    /// What a module has beside its state dict, for a list.
    fileprivate var attributesName: String { "the attributes of a \(typeName)" }

    /// A number or text as a line of metadata, or nil for anything else.
    fileprivate var metadataText: String? {
        switch kind {
        case .string: string
        case .bool, .integer, .float, .none: description
        default: nil
        }
    }
}

extension Checkpoint.SafetensorsContents {
    /// The tensors of a state dict, whose other values are left aside.
    fileprivate init(_ stateDict: StateDict) throws {
        tensors = stateDict.tensors
        for (name, extra) in stateDict.extras where extra.isAnyTensor {
            unsupported[name] = try extra.tensorValue()
        }
    }

    fileprivate var isEmpty: Bool { tensors.isEmpty && unsupported.isEmpty }

    fileprivate mutating func add(
        _ value: CheckpointValue, at path: CheckpointPath, below start: CheckpointPath,
        rootName: String
    ) throws {
        let place = CheckpointPath(start.keys + path.keys)
        let name = path.keys.isEmpty ? rootName : path.dotted
        guard value.isTensor else {
            try checkFree(name, value, at: place)
            unsupported[name] = try value.tensorValue()
            return
        }
        try add(value.tensor(at: place), named: name, of: value, at: place)
    }

    private mutating func add(
        _ tensor: Tensor, named name: String, of value: CheckpointValue, at path: CheckpointPath
    ) throws {
        try checkFree(name, value, at: path)
        tensors[name] = tensor
    }

    private func checkFree(
        _ name: String, _ value: CheckpointValue, at path: CheckpointPath
    ) throws {
        guard tensors[name] == nil, unsupported[name] == nil else {
            let error = CheckpointError(
                .duplicateName, "two tensors would have the name '\(name)'",
                advice: "Convert parts of the checkpoint one by one")
            throw value.contents.locating(error, at: path)
        }
    }

    /// Adds what the state dict of a module has.
    fileprivate mutating func add(
        _ state: ModuleState, of module: CheckpointValue, at path: CheckpointPath,
        below start: CheckpointPath
    ) throws {
        let resolver = state.contents.resolver
        for (name, entry) in state.entries {
            let place = path.appending(.string(name))
            if let tensor = try entry.tensor(resolver) {
                try add(
                    tensor, named: place.dotted, of: module,
                    at: CheckpointPath(start.keys + place.keys))
            } else if entry.other.isAnyTensor {
                try add(entry.other, at: place, below: start, rootName: "")
            } else {
                try add(partsOf: entry.other, at: place, below: start)
            }
        }
        leftOut.append((path.keys.isEmpty ? "" : "\(path.dotted): ") + module.attributesName)
    }

    // A quantized module has its weight and bias as a pair.
    private mutating func add(
        partsOf value: CheckpointValue, at path: CheckpointPath, below start: CheckpointPath
    ) throws {
        if value.isAnyTensor { return try add(value, at: path, below: start, rootName: "") }
        guard value.kind == .tuple, let parts = value.array, parts.count == 2 else {
            return note(value, at: path)
        }
        for (place, part) in parts.enumerated() {
            let path = path.appending(.integer(place))
            if part.isAnyTensor {
                try add(part, at: path, below: start, rootName: "")
            } else {
                note(part, at: path)
            }
        }
    }

    fileprivate mutating func note(_ value: CheckpointValue, at path: CheckpointPath) {
        let name = path.dotted
        guard let text = value.metadataText, !path.hasPlaces, metadata[name] == nil, !name.isEmpty,
            text.utf8.count <= Self.maximumTextByteCount,
            metadata.count < Self.maximumMetadataCount
        else {
            leftOut.append(name)
            return
        }
        metadata[name] = text
    }
}
