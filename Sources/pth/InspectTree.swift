import TorchCheckpoint

/// What `pth inspect` prints for people: one line for each thing in the checkpoint.
struct InspectTree {
    // Numbers are narrow: a file of some bytes can have a million rows.
    struct Row {
        let parent: Int32?
        let depth: Int32
        var label: String
        var summary: String
        var isContainer = false
        var tensorCount: Int32 = 0
        /// How many plain values are in this container.
        var plainCount: Int32 = 0
        /// The place of a plain value among those of its container.
        var plainPlace: Int32?
    }

    private(set) var rows: [Row] = []
    let checkpoint: Checkpoint
    let totals: Checkpoint.Totals
    let depth: Int
    let maximumValues: Int
    private var firstNames: [ObjectIdentifier: String] = [:]
    /// The depth of the container whose elements stand in its own line, while they are visited.
    private var inlineDepth: Int?

    /// Walks the checkpoint.
    ///
    /// - Parameters:
    ///   - depth: How many levels are shown, or nil for all.
    ///   - maximumValues: How many plain values of each container are shown.
    init(_ checkpoint: Checkpoint, depth: Int?, maximumValues: Int) throws {
        self.checkpoint = checkpoint
        self.depth = depth ?? .max
        self.maximumValues = maximumValues
        totals = try Checkpoint.Totals(
            of: (checkpoint.tensorValues() + checkpoint.constantTensors()).map(\.value))
        try addAll(below: checkpoint.root, label: nil)
        if let constants = checkpoint.constants, constants.count != 0 {
            try addAll(below: constants, label: CheckpointPath.constantsKey)
        }
        // Rows stand behind their parents, so from the end each has its own count before it is
        // added.
        for row in rows.reversed() {
            if let parent = row.parent { rows[Int(parent)].tensorCount += row.tensorCount }
        }
    }

    /// Adds a line for each thing in a value; what is beside the root of the checkpoint has a label.
    private mutating func addAll(below root: CheckpointValue, label: CheckpointKey?) throws {
        var traversal = Traversal(root)
        var ancestors: [Int32] = []
        while let visit = try traversal.next() {
            if let inlineDepth, visit.depth > inlineDepth { continue }
            inlineDepth = nil
            ancestors.removeSubrange(min(visit.depth, ancestors.count)...)
            try add(visit, parent: ancestors.last) {
                (label.map { "\($0)." } ?? "") + traversal.path.dotted
            }
            if ancestors.isEmpty, let label { rows[rows.count - 1].label = label.description }
            ancestors.append(Int32(rows.count - 1))
        }
        inlineDepth = nil
    }

    private mutating func add(
        _ visit: Traversal.Visit, parent: Int32?, name: () -> String
    ) throws {
        var row = Row(
            parent: parent, depth: Int32(visit.depth),
            label: visit.key?.description.elided(to: 60).escapingControls ?? "", summary: "")
        let plain = visit.value.plainRepr
        row.isContainer = visit.value.isContainer && plain == nil
        if visit.value.isAnyTensor {
            row.summary = try describe(visit.value.tensorValue(), name)
            row.tensorCount = 1
        } else if let plain {
            row.summary = plain.elided(to: 100)
            inlineDepth = visit.depth
        } else if visit.isRepeated {
            row.summary = "\(visit.value.typeName.shortName), shown above"
        } else if let list = visit.value.shortList {
            row.isContainer = false
            row.summary = list
            inlineDepth = visit.depth
        } else if row.isContainer {
            row.summary = describe(container: visit.value)
        } else {
            row.plainPlace = countPlain(in: parent)
            if isShown(row) {
                row.summary = visit.value.pythonRepr(maximumItems: 8, maximumCharacters: 120)
                    .elided(to: 100)
            }
        }
        rows.append(row)
    }

    /// Counts a plain value, and gives its place among those of its container.
    private mutating func countPlain(in parent: Int32?) -> Int32? {
        guard let parent else { return nil }
        defer { rows[Int(parent)].plainCount += 1 }
        return rows[Int(parent)].plainCount
    }

    func isShown(_ row: Row) -> Bool {
        guard let place = row.plainPlace else { return true }
        return place < maximumValues
    }

    private func describe(container value: CheckpointValue) -> String {
        let name = value.typeName
        var text = value.kind == .object ? "\(name)" : name.shortName
        if let count = value.count { text += " of \(count)" }
        guard value.kind == .object else { return text }
        return text + (GlobalPolicy.weightsOnly.accepts(name) ? "" : " (unknown class)")
    }

    private mutating func describe(_ value: TensorValue, _ name: () -> String) -> String {
        switch value {
        case .strided(let tensor): describe(tensor, name)
        case .sparse(let tensor):
            describe(
                "\(tensor.dtype) \(tensor.shape)", value, "nnz \(tensor.storedCount)", tensor.parts)
        case .nested(let tensor):
            describe("\(tensor.dtype) of \(tensor.componentCount)", value, "", tensor.parts)
        case .uninitialized(let tensor): "\(tensor)"
        }
    }

    private func describe(
        _ shape: String, _ value: TensorValue, _ count: String,
        _ parts: [(name: String, tensor: Tensor)]
    ) -> String {
        let size = Checkpoint.Totals(of: parts.lazy.map(\.tensor)).bytes
        let texts = [
            shape.padded(to: 28), size.describedAsByteCount.padded(to: 12), "\(value.device)",
            value.layoutName, count,
        ]
        return texts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private mutating func describe(_ tensor: Tensor, _ name: () -> String) -> String {
        var parts = ["\(tensor.dtype) \(tensor.shape)".padded(to: 28)]
        parts.append(tensor.byteCount.describedAsByteCount.padded(to: 12))
        parts.append("\(tensor.device)")
        guard tensor.hasData else { return (parts + ["no data"]).joined(separator: "  ") }
        if let quantization = tensor.quantization { parts.append(quantization.schemeName) }
        if !tensor.isContiguous { parts.append("strides \(tensor.strides)") }
        if tensor.isParameter { parts.append("parameter") }
        if !tensor.isParameter, tensor.requiresGrad { parts.append("requires_grad") }
        let storage = ObjectIdentifier(tensor.storage)
        if let first = firstNames[storage] {
            parts.append("shares memory with \(first)")
        } else {
            firstNames[storage] = name()
        }
        return parts.joined(separator: "  ")
    }
}

extension GlobalName {
    /// The name with its module, which is left out for Python's own classes.
    fileprivate var shortName: String {
        module == "builtins" || module == "collections" ? name : description
    }
}

extension CheckpointValue {
    /// A short list or tuple of plain values in one line, or nil for anything else.
    fileprivate var shortList: String? {
        guard kind == .list || kind == .tuple, let items = array, items.count <= 16,
            items.allSatisfy({ !$0.isContainer && !$0.isAnyTensor })
        else { return nil }
        return wholeRepr(maximumCharacters: 72)
    }
}

extension String {
    /// The text, cut to a number of characters.
    fileprivate func elided(to width: Int) -> String {
        count > width ? prefix(width - 1) + "…" : self
    }
}
