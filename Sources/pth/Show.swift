import ArgumentParser
import Foundation
import TorchCheckpoint

/// `pth show`: one value or one tensor.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show one value or tensor of a checkpoint.",
        discussion: """
            The keys lead from the root to the value, one word for each level: dictionary keys, \
            list places, names of an object's fields.

              pth show run.ckpt optimizer_states 0 param_groups 0 lr
              pth show run.ckpt state_dict encoder.weight

            A tensor is shown with its statistics and as torch prints it. NaNs are left out of \
            the statistics, infinities of mean and standard deviation.
            """)

    @OptionGroup var source: FileOptions

    @Argument(help: "The keys from the root to the value; none for the root.")
    var keys: [String] = []

    @Flag(help: "Show all elements of containers.")
    var all = false

    func run() throws {
        try reportingErrors(about: source.file) {
            let checkpoint = try source.open()
            let path = try checkpoint.path(from: keys)
            let value = try checkpoint.value(at: path)
            if value.isTensor {
                try show(value.tensor(), at: path)
            } else if value.isAnyTensor {
                try show(value.tensorValue(), at: path)
            } else if value.storage != nil {
                try show(value.storageTensor(), at: path)
            } else {
                let repr =
                    all || value.count == nil
                    ? value.pythonRepr()
                    : value.pythonRepr(maximumItems: 16, maximumCharacters: 1 << 14)
                try StandardOutput.write(repr.escapingControls)
            }
        }
    }

    private func show(_ tensor: Tensor, at path: CheckpointPath) throws {
        let style = TerminalStyle.standardOutput
        var lines = [style.bold("\(path)".escapingControls), "\(tensor)", placement(of: tensor)]
        if tensor.hasData, let statistics = try tensor.statistics(), statistics.count > 0 {
            lines.append(describe(statistics))
        }
        lines.append(try tensor.formatted())
        try StandardOutput.write(lines.joined(separator: "\n"))
    }

    private static let shownDenseByteCount = 1 << 16

    /// Shows the parts of a tensor, and the dense one when it is small.
    private func show(_ value: TensorValue, at path: CheckpointPath) throws {
        var lines = [TerminalStyle.standardOutput.bold("\(path)".escapingControls)]
        switch value {
        case .strided(let tensor): return try show(tensor, at: path)
        case .sparse(let tensor):
            lines.append("\(tensor)")
            for part in tensor.parts {
                lines.append("\(part.name): \(try part.tensor.formatted())")
            }
            let limit = Self.shownDenseByteCount
            if tensor.shape.reduce(1.0, { $0 * Double($1) }) * Double(tensor.dtype.itemSize)
                <= Double(limit)
            {
                lines.append("dense: \(try tensor.dense(maximumByteCount: limit).formatted())")
            }
        case .nested(let tensor):
            lines.append("\(tensor)")
            for (place, component) in try tensor.components().enumerated() {
                guard place < 16 else {
                    lines.append("… \(tensor.componentCount - 16) more components")
                    break
                }
                lines.append("[\(place)]: \(try component.formatted())")
            }
        case .uninitialized(let tensor): lines.append("\(tensor)")
        }
        try StandardOutput.write(lines.joined(separator: "\n"))
    }

    private func placement(of tensor: Tensor) -> String {
        var parts = ["storage \(tensor.storage.key ?? "-")", "offset \(tensor.storageOffset)"]
        parts.append("strides \(tensor.strides)")
        parts.append(tensor.isContiguous ? "contiguous" : "not contiguous")
        if tensor.requiresGrad { parts.append("requires_grad") }
        if tensor.isParameter { parts.append("parameter") }
        return parts.joined(separator: ", ")
    }

    private func describe(_ statistics: TensorStatistics) -> String {
        var parts: [String] = []
        if let minimum = statistics.minimum { parts.append("min \(short(minimum))") }
        if let maximum = statistics.maximum { parts.append("max \(short(maximum))") }
        if let mean = statistics.mean { parts.append("mean \(short(mean))") }
        if let deviation = statistics.standardDeviation { parts.append("std \(short(deviation))") }
        parts.append("zeros \(statistics.zeroCount)")
        parts.append("nan \(statistics.nanCount)")
        parts.append("inf \(statistics.infinityCount)")
        return parts.joined(separator: ", ")
    }

    // Seven significant digits: as much as float32 has.
    private func short(_ value: Double) -> String {
        String(format: "%.7g", value)
    }
}
