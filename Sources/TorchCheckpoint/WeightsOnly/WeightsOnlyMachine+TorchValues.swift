import ByteIO

// torch.Size, torch.device and layouts.
extension WeightsOnlyMachine {
    mutating func makeSize(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        guard arguments.count > 0 else { return .size(.empty) }
        let source = argument(0, arguments)
        if case .size = source { return source }
        guard let elements = try elements(source) else {
            switch source {
            case .text, .bytes, .byteArray, .set, .dictionary:
                if try !truth(source) { return .size(.empty) }
                throw .notFollowed("torch.Size of a \(source.typeName)")
            default: throw unfit(source, for: "torch.Size")
            }
        }
        for element in elements {
            switch element {
            case .bool, .integer, .bigInteger: continue
            case .tensor, .made: throw .notFollowed("torch.Size of a \(element.typeName)")
            default: throw .refusedByTorch("torch.Size takes no \(element.typeName)")
            }
        }
        if case .tuple(let tuple) = source {
            return .size(PythonValue.Items(tuple.range, isHashable: true))
        }
        let start = items.count
        items.append(contentsOf: elements)
        return .size(PythonValue.Items(start..<items.count, isHashable: true))
    }

    func makeDevice(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        let type = argument(0, arguments)
        guard arguments.count > 1 else { return try .device(device(type)) }
        guard let text = string(type), !text.contains(":") else {
            throw .refusedByTorch("torch.device takes a type without an index before an index")
        }
        switch argument(1, arguments) {
        case .none: break
        case .integer(let index) where index >= 0: break
        default: throw .refusedByTorch("a device has no valid index")
        }
        return try .device(device(type))
    }

    /// What `torch.device` makes of one argument.
    func device(_ value: PythonValue) throws(CheckpointError) -> TorchDevice {
        switch value {
        case .device(let device): return device
        case .text(let text), .bytes(let text):
            let name = string(.text(text)) ?? ""
            guard let device = TorchDevice(named: name) else {
                throw .refusedByTorch("'\(name.prefix(40))' is no device")
            }
            return device
        default: throw .refusedByTorch("a \(value.typeName) is no device")
        }
    }

    /// `torch.serialization._get_layout(name)`.
    func layout(named value: PythonValue) throws(CheckpointError) -> PythonValue {
        let name = string(value) ?? ""
        guard name.hasPrefix("torch."),
            let layout = TorchLayout(rawValue: String(name.dropFirst("torch.".count)))
        else { throw .refusedByTorch("there is no such layout") }
        return .layout(layout)
    }
}

extension TorchDevice {
    /// The device that `torch.device(name)` is; nil when it is none.
    init?(named name: String) {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let type = parts.first, Self.types.contains(String(type)) else {
            return nil
        }
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard !digits.isEmpty, digits.allSatisfy({ 0x30...0x39 ~= $0 }),
                digits.count == 1 || digits.first != UInt8(ascii: "0"),
                Int32(parts[1]) != nil
            else { return nil }
        }
        self = type == "cpu" ? .cpu : type == "meta" ? .meta : .other
    }

    /// The device that a storage with a tag is restored to; nil when torch does not know how.
    ///
    /// Whether a machine has the device is not asked, because no file can know it: devices of
    /// accelerators count as restored.
    init?(restoring tag: String) {
        switch tag {
        case "cpu": self = .cpu
        case "meta": self = .meta
        case _ where tag.hasPrefix("mps"): self = .other
        default:
            let backend = Self.backends.first { tag.hasPrefix($0) }
            guard backend != nil, let device = Self(named: tag) else { return nil }
            self = device
        }
    }

    private static let backends = ["cuda", "privateuseone", "hpu", "xpu", "mtia"]

    private static let types: Set = [
        "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga",
        "maia", "xla", "lazy", "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone",
    ]
}
