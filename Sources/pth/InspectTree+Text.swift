import TorchCheckpoint

// What is printed of the rows.
extension InspectTree {
    /// Head line, tree and totals.
    func text(named file: String, style: TerminalStyle) -> String {
        var lines = [style.bold("\(file.escapingControls): \(headline)")]
        let widths = labelWidths()
        for row in rows where row.depth <= depth {
            if isShown(row) {
                lines.append(line(row, width: row.parent.map { widths[$0] } ?? 0, style))
            } else if let parent = row.parent, row.plainPlace == maximumValues {
                lines.append(elision(parent, row.depth, style))
            }
        }
        return (lines + totalLines(style)).joined(separator: "\n")
    }

    private func elision(_ parent: Int, _ depth: Int, _ style: TerminalStyle) -> String {
        let count = rows[parent].plainCount - maximumValues
        return indent(depth) + style.dim("… \(count) more plain values")
    }

    private func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private func line(_ row: Row, width: Int, _ style: TerminalStyle) -> String {
        var summary = row.summary
        if row.isContainer, row.tensorCount > 0 {
            summary += ", " + row.tensorCount.counted("tensor", "tensors")
        }
        let label = row.label.isEmpty && row.parent == nil ? "" : row.label.padded(to: width) + "  "
        return indent(row.depth) + (row.isContainer ? style.bold(label) : label)
            + summary.escapingControls
    }

    /// The width of the labels below each row, so that what stands behind them lines up.
    private func labelWidths() -> [Int] {
        var widths = [Int](repeating: 0, count: rows.count)
        for row in rows {
            guard let parent = row.parent else { continue }
            widths[parent] = max(widths[parent], min(row.label.count, 44))
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
        let unknown = checkpoint.graph.globalNames.filter { !GlobalPolicy.weightsOnly.accepts($0) }
        guard !unknown.isEmpty else { return lines }
        let names = unknown.map(\.description).joined(separator: ", ").escapingControls
        lines.append(
            style.warning("torch.load(weights_only=True) refuses this file, because it names: ")
                + names)
        return lines
    }
}
