public import ArgumentParser
public import TorchCheckpoint

/// How a safetensors file is written, when the output is one.
struct SafetensorsOptions: ParsableArguments {
    @Option(
        help: "What to do where tensors share memory: reject (default), keep-first or duplicate.")
    var shared: SharedStoragePolicy?

    @Flag(
        help: "Leave out tensors of dtypes and kinds that safetensors does not have, and name them."
    )
    var skipUnsupported = false

    @Flag(help: "Dequantize quantized tensors, and make sparse ones dense.")
    var densify = false

    /// Whether nothing was asked for.
    var isEmpty: Bool { shared == nil && !skipUnsupported && !densify }
}

extension SharedStoragePolicy: ExpressibleByArgument {}
