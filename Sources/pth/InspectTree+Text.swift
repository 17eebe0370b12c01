import TorchCheckpoint

// What is printed of the rows.
extension InspectTree {
    /// Head line, tree and totals.
    func text(named file: String, style: TerminalStyle) -> String {
        var text = style.bold("\(file.escapingControls): \(headline)")
        let widths = labelWidths()
        // A file of some bytes can have a million rows: they are not kept as lines beside the text.
        for row in rows where row.depth <= depth {
            if isShown(row) {
                text += "\n" + line(row, width: row.parent.map { widths[Int($0)] } ?? 0, style)
            } else if let parent = row.parent, row.plainPlace.map({ Int($0) }) == maximumValues {
                text += "\n" + elision(Int(parent), Int(row.depth), style)
            }
        }
        return ([text] + totalLines(style)).joined(separator: "\n")
    }

    private func elision(_ parent: Int, _ depth: Int, _ style: TerminalStyle) -> String {
        let count = Int(rows[parent].plainCount) - maximumValues
        return indent(depth) + style.dim("… \(count) more plain values")
    }

    private func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private func line(_ row: Row, width: Int, _ style: TerminalStyle) -> String {
        var summary = row.summary
        if row.isContainer, row.tensorCount > 0 {
            summary += ", " + Int(row.tensorCount).counted("tensor", "tensors")
        }
        let label = row.label.isEmpty && row.parent == nil ? "" : row.label.padded(to: width) + "  "
        return indent(Int(row.depth)) + (row.isContainer ? style.bold(label) : label)
            + summary.escapingControls
    }

    /// The width of the labels below each row, so that what stands behind them lines up.
    private func labelWidths() -> [Int] {
        var widths = [Int](repeating: 0, count: rows.count)
        for row in rows {
            guard let parent = row.parent else { continue }
            widths[Int(parent)] = max(widths[Int(parent)], min(row.label.count, 44))
        }
        return widths
    }

    private var headline: String {
        var parts = [
            checkpoint.format.rawValue, "pickle protocol \(checkpoint.graph.protocolVersion)",
        ]
        parts.append("\(checkpoint.byteOrder) endian")
        if let archive = checkpoint.archive {
            parts.append(archive.entries.count.counted("record", "records"))
        }
        return parts.joined(separator: ", ")
    }

    private func totalLines(_ style: TerminalStyle) -> [String] {
        var lines = [
            "\(totals.tensors.counted("tensor", "tensors")), \(totals.elements.counted("element", "elements")), "
                + "\(totals.storageBytes.describedAsByteCount) in "
                + totals.storages.counted("storage", "storages")
        ]
        let unknown = checkpoint.globalNames.filter { !GlobalPolicy.weightsOnly.accepts($0) }
        guard !unknown.isEmpty else { return lines }
        var names = unknown.prefix(Self.shownNames).map(\.description.escapingControls)
        if unknown.count > names.count { names.append("… \(unknown.count - names.count) more") }
        lines.append(
            style.warning("torch.load(weights_only=True) refuses this file, because it names: ")
                + names.joined(separator: ", "))
        return lines
    }

    /// How many names of classes and functions are shown; ``InspectReport`` has all.
    private static let shownNames = 64
}
