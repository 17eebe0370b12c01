import TestSupport
import Testing
import TorchCheckpoint

/// Holds a tensor of any kind to a row of the manifest's `tensors`.
struct TensorExpectation {
    let row: JSONValue
    let path: JSONValue

    func check(_ value: TensorValue) throws {
        // A wrapper is one by its class; its layout is what it says itself.
        let layout = row["layout"]?.string
        #expect(value.layoutName == (layout == "wrapper" ? "strided" : layout), "\(path)")
        #expect(value.dtype.rawValue == row["dtype"]?.string, "\(path)")
        #expect(value.device.rawValue == row["device"]?.string, "\(path)")
        switch value {
        case .strided(let tensor): try check(tensor)
        case .sparse(let tensor): try check(tensor)
        case .nested(let tensor): try check(tensor)
        case .uninitialized(let tensor):
            #expect(row["shape"] == nil && row["stride"] == nil, "\(path)")
            check(tensor.requiresGrad, tensor.isParameter)
        }
    }

    private func check(_ requiresGrad: Bool, _ isParameter: Bool) {
        #expect(requiresGrad == row["requiresGrad"]?.bool, "\(path)")
        #expect(isParameter == row["parameter"]?.bool, "\(path)")
    }

    private func check(_ tensor: Tensor) throws {
        try checkQuantization(of: tensor, row)
        guard tensor.hasData else {
            #expect(row["sha256"] == nil, "\(path)")
            #expect(tensor.shape == row["shape"]?.ints, "\(path)")
            #expect(tensor.strides == row["stride"]?.ints, "\(path)")
            #expect(tensor.storageOffset == row["offset"]?.int, "\(path)")
            return check(tensor.requiresGrad, tensor.isParameter)
        }
        try expect(tensor, toEqual: row, at: path)
    }

    private func check(_ tensor: SparseTensor) throws {
        #expect(tensor.shape == row["shape"]?.ints, "\(path)")
        // torch takes what is unknown for false.
        let isCoalesced = tensor.layout == .coo ? tensor.isCoalesced ?? false : nil
        #expect(isCoalesced == row["coalesced"]?.bool, "\(path)")
        check(tensor.requiresGrad, tensor.isParameter)
        try tensor.validateIndices()
        try check(tensor.parts)
    }

    private func check(_ tensor: NestedTensor) throws {
        if case .jagged(_, _, let dimension) = tensor.form {
            #expect(dimension == row["raggedDimension"]?.int, "\(path)")
        } else {
            #expect(row["raggedDimension"] == nil, "\(path)")
        }
        check(tensor.requiresGrad, tensor.isParameter)
        try check(tensor.parts)
    }

    private func check(_ parts: [(name: String, tensor: Tensor)]) throws {
        #expect(parts.count == row["parts"]?.entries?.count)
        for (name, part) in parts {
            let wanted = try #require(row["parts"]?[name], "there is no \(name)")
            #expect(part.shape == wanted["shape"]?.ints, "\(path): \(name)")
            #expect(part.dtype.rawValue == wanted["dtype"]?.string, "\(path): \(name)")
            #expect(try part.sha256() == wanted["sha256"]?.string, "\(path): \(name)")
        }
    }
}

/// Holds the scales of a quantized tensor to a row.
func checkQuantization(of tensor: Tensor, _ row: JSONValue) throws {
    #expect((tensor.quantization == nil) == (row["quantization"] == nil))
    guard let quantization = tensor.quantization, let wanted = row["quantization"] else { return }
    #expect(quantization.schemeName == wanted["scheme"]?.string)
    switch quantization {
    case .perTensor(let scale, let zeroPoint):
        #expect(scale == wanted["scale"]?.double)
        #expect(zeroPoint == wanted["zeroPoint"]?.int)
    case .perChannel(let channels):
        #expect(channels.axis == wanted["axis"]?.int)
        #expect(try channels.scales.sha256() == wanted["scales"]?["sha256"]?.string)
        #expect(try channels.zeroPoints.sha256() == wanted["zeroPoints"]?["sha256"]?.string)
    }
}

extension JSONValue {
    var entries: [String: JSONValue]? {
        if case .object(let entries) = self { entries } else { nil }
    }
}
