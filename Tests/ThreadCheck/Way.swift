import Foundation
import TorchCheckpoint

/// A file that the threads share: a checkpoint, or a safetensors file as one.
struct Input: Sendable {
    let checkpoint: Checkpoint
    let safetensors: SafetensorsFile?

    init(_ path: String, _ options: LoadOptions) throws {
        if try FileFormat(ofFileAt: FilePath(path)) == .safetensors {
            let file = try SafetensorsFile(
                contentsOf: FilePath(path), fileAccess: options.fileAccess)
            (checkpoint, safetensors) = (try Checkpoint(file), file)
        } else {
            (checkpoint, safetensors) = (try Checkpoint(contentsOf: path, options: options), nil)
        }
    }
}

/// A way to read a checkpoint, which makes a text of what is read.
struct Way: Sendable {
    let name: String
    /// Reads it; may write a file at the path.
    let read: @Sendable (_ input: Input, _ path: String) throws -> String

    static let all: [Way] = [
        Way(name: "bytes") { input, _ in
            try digest(input.checkpoint.tensors().map { try $0.tensor.rowMajorBytes() })
        },
        Way(name: "elements") { input, _ in
            try input.checkpoint.tensors().map { entry in
                try "\(entry.tensor.array(converting: Double.self).prefix(100))"
            }.joined()
        },
        Way(name: "spans") { input, _ in
            try input.checkpoint.tensors().map { entry in
                let tensor = entry.tensor
                guard tensor.dtype == .float32, tensor.isContiguous else { return "-" }
                return try tensor.withElements(of: Float.self) { elements in
                    var sum: Float = 0
                    for index in elements.indices { sum += elements[index] }
                    return "\(sum)"
                }
            }.joined()
        },
        Way(name: "printing") { input, _ in
            try input.checkpoint.tensors().map { try $0.tensor.formatted() }.joined()
        },
        Way(name: "kinds") { input, _ in
            try input.checkpoint.tensorValues().map { "\($0.value)" }.joined()
        },
        Way(name: "statistics") { input, _ in
            try input.checkpoint.tensors().map { "\(try $0.tensor.statistics() as Any)" }.joined()
        },
        Way(name: "state dict") { input, _ in
            try input.checkpoint.stateDict().copied().tensors.map { name, tensor in
                try name + digest([tensor.rowMajorBytes()])
            }.joined()
        },
        Way(name: "description") { input, _ in
            input.checkpoint.description + input.checkpoint.root.pythonRepr()
        },
        Way(name: "names") { input, _ in
            input.checkpoint.graph.globalNames.map(\.description).joined()
        },
        Way(name: "decoding") { input, _ in
            try "\(input.checkpoint.decode([String: CheckpointValue].self).keys.sorted())"
        },
        Way(name: "checksums") { input, _ in "\(try input.checkpoint.verifyChecksums())" },
        Way(name: "copying") { input, path in
            try input.checkpoint.write(to: path, options: SaveOptions(globals: .inert))
            return try digest([Array(Data(contentsOf: URL(fileURLWithPath: path)))])
        },
        Way(name: "saving anew") { input, _ in
            let options = SaveOptions(layout: .current, globals: .inert)
            return try digest([input.checkpoint.serialized(options: options)])
        },
        Way(name: "safetensors") { input, _ in
            let contents = try input.checkpoint.safetensorsContents(rootName: "tensor")
            return "\(contents.tensors.keys)"
        },
        Way(name: "weights") { input, _ in
            try digest([input.checkpoint.extractingWeights().checkpoint.serialized()])
        },
        Way(name: "editing a copy") { input, _ in
            var copy = input.checkpoint
            copy["added"] = 1
            _ = try copy.removeAll { $0.dotted.hasSuffix("weight") }
            try copy.castFloatingPoint(to: .bfloat16)
            return try digest([copy.serialized(options: SaveOptions(globals: .inert))])
        },
        Way(name: "safetensors file") { input, _ in
            try input.safetensors.map { file in
                try digest(file.tensors.values.map { try $0.rowMajorBytes() })
            } ?? "-"
        },
    ]

    /// A number that tells texts of bytes apart.
    private static func digest(_ parts: [[UInt8]]) -> String {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in parts.joined() { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        return "\(parts.map(\.count)) \(hash)"
    }
}
