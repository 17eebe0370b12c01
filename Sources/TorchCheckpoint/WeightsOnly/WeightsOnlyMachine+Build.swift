import ByteIO
import Tensors

// BUILD: the state of an object.
extension WeightsOnlyMachine {
    mutating func build() throws(CheckpointError) {
        let state = try pop()
        let target = try top()
        switch target {
        case .tensor(let number):
            if tensors[Int(number)].isParameter {
                try setState(state, ofParameter: Int(number))
            } else {
                try set(Int(number), to: state)
            }
        case .dictionary(_, .orderedDict):
            _ = try pairs(state, for: "the attributes of an OrderedDict")
        case .dictionary(_, .counter): try checkState(state, hasAttributes: true)
        case .set, .byteArray, .complex, .size, .device:
            try checkState(state, hasAttributes: false)
        case .made(let number):
            let path = names[Int(number)].path
            guard policy.acceptsPath(path) else { throw .forbidden([path]) }
        default:
            throw .refusedByTorch("a \(target.typeName) takes no state")
        }
    }

    /// The state of an object by Python's rule: attributes, or a pair of them and slots.
    private mutating func checkState(
        _ state: PythonValue, hasAttributes: Bool
    ) throws(CheckpointError) {
        var (attributes, slots) = (state, PythonValue.none)
        if case .tuple(let range) = state, range.count == 2 {
            (attributes, slots) = (items[range.range.lowerBound], items[range.range.upperBound - 1])
        }
        if try truth(attributes) {
            guard hasAttributes else {
                throw .refusedByTorch("a state has attributes for an object without any")
            }
            _ = try pairs(attributes, for: "the attributes of an object")
        }
        if try truth(slots) { throw .notFollowed("a state has slots") }
    }

    /// `Tensor.__setstate__`, for parameters of torch before 0.4.
    private mutating func setState(
        _ state: PythonValue, ofParameter number: Int
    ) throws(CheckpointError) {
        guard let elements = try elements(state) else { throw unfit(state, for: "a parameter") }
        let parts = Array(elements)
        guard !tensors[number].isComputed else {
            throw .notFollowed("a state of a parameter that is computed")
        }
        switch parts.count {
        case 3: try Self.setRequiresGrad(parts[0], of: &tensors[number])
        case 4: try set(number, to: state)
        case 5:
            try setData(parts[0], of: number)
            try Self.setRequiresGrad(parts[3], of: &tensors[number])
        default: throw .refusedByTorch("the state of a parameter has \(parts.count) parts")
        }
    }

    private mutating func setData(
        _ data: PythonValue, of number: Int
    ) throws(CheckpointError) {
        guard let other = data.tensorNumber else {
            throw .refusedByTorch("the data of a parameter is a \(data.typeName)")
        }
        var tensor = tensors[other]
        guard !tensors[number].requiresGrad || tensor.dtype.hasGradients else {
            throw .refusedByTorch("a tensor of \(tensor.dtype) can't record gradients")
        }
        guard tensor.layout == tensors[number].layout, tensor.device == tensors[number].device,
            tensor.dtype.isQuantized == tensors[number].dtype.isQuantized
        else { throw .notFollowed("the data of a parameter becomes that of another kind") }
        tensor.isParameter = true
        tensor.isComputed = false
        tensor.requiresGrad = tensors[number].requiresGrad
        tensors[number] = tensor
    }
}
