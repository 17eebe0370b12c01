import TorchCheckpoint

/// What `pth inspect` prints for people: one line for each thing in the checkpoint.
struct InspectTree {
    private struct Row {
        let parent: Int?
        let depth: Int
        let label: String
        var summary: String
        var isPlain = false
        var isContainer = false
        var tensorCount = 0
        var hiddenCount = 0
        var plainCount = 0
    }

    private var rows: [Row] = []
    private let checkpoint: Checkpoint
    private let totals: Checkpoint.Totals
    private let depth: Int
    private let maximumValues: Int
    private var firstNames: [ObjectIdentifier: String] = [:]

    /// Walks the checkpoint.
    ///
    /// - Parameters:
    ///   - depth: How many levels are shown, or nil for all.
    ///   - maximumValues: How many plain values of each container are shown.
    init(_ checkpoint: Checkpoint, depth: Int?, maximumValues: Int) throws {
        self.checkpoint = checkpoint
        self.depth = depth ?? .max
        self.maximumValues = maximumValues
        let entries = try checkpoint.tensors()
        totals = Checkpoint.Totals(entries)
        var traversal = Traversal(checkpoint.root)
        var ancestors: [Int] = []
        while let visit = try traversal.next() {
            ancestors.removeSubrange(min(visit.depth, ancestors.count)...)
            try add(visit, parent: ancestors.last, path: traversal.path)
            ancestors.append(rows.count - 1)
        }
    }

    private mutating func add(
        _ visit: Traversal.Visit, parent: Int?, path: CheckpointPath
    ) throws {
        var row = Row(
            parent: parent, depth: visit.depth, label: visit.key?.description ?? "", summary: "")
        row.isContainer = visit.value.isContainer
        if visit.value.isTensor {
            row.summary = try describe(visit.value.tensor(), at: path)
            for ancestor in chain(from: parent) { rows[ancestor].tensorCount += 1 }
        } else if visit.isRepeated {
            row.summary = "\(visit.value.typeName.shortName), shown above"
        } else if row.isContainer {
            row.summary = describe(container: visit.value)
        } else {
            row.isPlain = true
            row.summary = visit.value.pythonRepr(maximumItems: 8).elided(to: 100)
            countPlain(in: parent)
        }
        rows.append(row)
    }

    private mutating func countPlain(in parent: Int?) {
        guard let parent else { return }
        rows[parent].plainCount += 1
        if rows[parent].plainCount > maximumValues { rows[parent].hiddenCount += 1 }
    }

    private func chain(from parent: Int?) -> [Int] {
        var chain: [Int] = []
        var next = parent
        while let index = next {
            chain.append(index)
            next = rows[index].parent
        }
        return chain
    }

    private func describe(container value: CheckpointValue) -> String {
        let name = value.typeName
        var text = value.kind == .object ? "\(name)" : name.shortName
        if let count = value.count { text += " of \(count)" }
        guard value.kind == .object else { return text }
        return text + (GlobalPolicy.weightsOnly.accepts(name) ? "" : " (unknown class)")
    }

    private mutating func describe(_ tensor: Tensor, at path: CheckpointPath) -> String {
        var parts = ["\(tensor.dtype) \(tensor.shape)".padded(to: 28)]
        parts.append(tensor.byteCount.describedAsByteCount.padded(to: 12))
        parts.append("\(tensor.device)")
        if !tensor.isContiguous { parts.append("strides \(tensor.strides)") }
        if tensor.isParameter { parts.append("parameter") }
        if !tensor.isParameter, tensor.requiresGrad { parts.append("requires_grad") }
        let storage = ObjectIdentifier(tensor.storage)
        if let first = firstNames[storage] {
            parts.append("shares memory with \(first)")
        } else {
            firstNames[storage] = path.dotted
        }
        return parts.joined(separator: "  ")
    }
}

extension InspectTree {
    /// Prints head line, tree and totals.
    func print(named file: String, style: TerminalStyle) {
        Swift.print(style.bold("\(file.escapingControls): \(headline)"))
        let widths = labelWidths()
        var plainShown: [Int: Int] = [:]
        for (index, row) in rows.enumerated() where row.depth <= depth {
            if row.isPlain, let parent = row.parent {
                plainShown[parent, default: 0] += 1
                if plainShown[parent, default: 0] > maximumValues {
                    printElision(parent, at: plainShown[parent, default: 0], row.depth, style)
                    continue
                }
            }
            print(row, width: row.parent.map { widths[$0] } ?? 0, index, style)
        }
        printTotals(style)
    }

    private func printElision(_ parent: Int, at count: Int, _ depth: Int, _ style: TerminalStyle) {
        guard count == maximumValues + 1 else { return }
        let indent = String(repeating: "  ", count: depth)
        Swift.print(indent + style.dim("… \(rows[parent].hiddenCount) more plain values"))
    }

    private func print(_ row: Row, width: Int, _ index: Int, _ style: TerminalStyle) {
        let indent = String(repeating: "  ", count: row.depth)
        var summary = row.summary
        if row.isContainer, row.tensorCount > 0 { summary += ", \(row.tensorCount) tensors" }
        let label = row.label.isEmpty && row.parent == nil ? "" : label(row).padded(to: width) + "  "
        let line = indent + (row.isContainer ? style.bold(label) : label) + summary.escapingControls
        Swift.print(line)
    }

    private func label(_ row: Row) -> String { row.label.escapingControls.elided(to: 60) }

    /// The width of the labels below each row, so that what stands behind them lines up.
    private func labelWidths() -> [Int] {
        var widths = [Int](repeating: 0, count: rows.count)
        for row in rows {
            guard let parent = row.parent else { continue }
            widths[parent] = max(widths[parent], min(label(row).count, 44))
        }
        return widths
    }

    private var headline: String {
        var parts = [checkpoint.format.rawValue, "pickle protocol \(checkpoint.graph.protocolVersion)"]
        parts.append("\(checkpoint.byteOrder) endian")
        if let archive = checkpoint.archive { parts.append("\(archive.entries.count) records") }
        return parts.joined(separator: ", ")
    }

    private func printTotals(_ style: TerminalStyle) {
        Swift.print(
            "\(totals.tensors) tensors, \(totals.elements) elements, "
                + "\(totals.storageBytes.describedAsByteCount) in \(totals.storages) storages")
        let unknown = checkpoint.graph.globalNames.filter { !GlobalPolicy.weightsOnly.accepts($0) }
        guard !unknown.isEmpty else { return }
        let names = unknown.map(\.description).joined(separator: ", ").escapingControls
        Swift.print(
            style.warning("torch.load(weights_only=True) refuses this file, because it names: ")
                + names)
    }
}

extension GlobalName {
    /// The name with its module, which is left out for Python's own classes.
    fileprivate var shortName: String {
        module == "builtins" || module == "collections" ? name : description
    }
}

extension String {
    /// The text, cut to a number of characters.
    fileprivate func elided(to width: Int) -> String {
        count > width ? prefix(width - 1) + "…" : self
    }
}
