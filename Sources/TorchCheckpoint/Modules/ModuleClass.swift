import Pickle

/// What is known of torch's own classes of modules.
enum ModuleClass {
    /// The `_version` of the classes of torch 2.13 that have another than 1.
    ///
    /// A test holds it to torch.
    static let versions: [GlobalName: Int] = {
        var versions: [GlobalName: Int] = [:]
        for (module, version, names) in versioned {
            for name in names { versions[GlobalName(module: module, name: name)] = version }
        }
        return versions
    }()

    /// The version of `torch.nn.modules.batchnorm._NormBase`.
    static let normalizationVersion = 2

    private static let versioned: [(module: String, version: Int, names: [String])] = [
        (
            "torch.ao.nn.intrinsic.qat.modules.conv_fused", 2,
            [
                "ConvBn1d", "ConvBn2d", "ConvBn3d", "ConvBnReLU1d", "ConvBnReLU2d", "ConvBnReLU3d",
                "_ConvBnNd",
            ]
        ),
        (
            "torch.ao.nn.intrinsic.quantized.dynamic.modules.linear_relu", 4,
            ["LinearReLU"]
        ),
        (
            "torch.ao.nn.intrinsic.quantized.modules.bn_relu", 2,
            ["BNReLU2d", "BNReLU3d"]
        ),
        (
            "torch.ao.nn.intrinsic.quantized.modules.linear_relu", 3,
            ["LinearLeakyReLU", "LinearReLU", "LinearTanh"]
        ),
        (
            "torch.ao.nn.quantized.dynamic.modules.linear", 4,
            ["Linear"]
        ),
        (
            "torch.ao.nn.quantized.dynamic.modules.rnn", 2,
            ["GRU", "LSTM", "RNNBase"]
        ),
        (
            "torch.ao.nn.quantized.modules.batchnorm", 2,
            ["BatchNorm2d", "BatchNorm3d", "_BatchNorm"]
        ),
        (
            "torch.ao.nn.quantized.modules.linear", 3,
            ["Linear", "LinearPackedParams"]
        ),
        (
            "torch.ao.nn.quantized.modules.normalization", 2,
            ["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"]
        ),
        (
            "torch.ao.quantization.observer", 3,
            [
                "HistogramObserver", "MinMaxObserver", "MovingAverageMinMaxObserver",
                "MovingAveragePerChannelMinMaxObserver", "PerChannelMinMaxObserver",
                "UniformQuantizationObserverBase",
            ]
        ),
        (
            "torch.nn.modules.batchnorm", 2,
            [
                "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "LazyBatchNorm1d", "LazyBatchNorm2d",
                "LazyBatchNorm3d", "SyncBatchNorm", "_BatchNorm", "_LazyNormBase", "_NormBase",
            ]
        ),
        (
            "torch.nn.modules.instancenorm", 2,
            [
                "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d", "LazyInstanceNorm1d",
                "LazyInstanceNorm2d", "LazyInstanceNorm3d", "_InstanceNorm",
            ]
        ),
    ]
}
