public import Tensors

/// What an optimizer keeps of one parameter, by torch's names, in the order of the file.
///
/// The Python counterpart is `optimizer.state_dict()["state"][0]`.
public struct ParameterState: Sendable {
    /// The values by their names.
    public var values: OrderedDictionary<String, CheckpointValue>

    /// Creates a state.
    public init(_ values: OrderedDictionary<String, CheckpointValue> = [:]) {
        self.values = values
    }

    /// The value with the given name, or nil; setting nil removes it.
    ///
    /// - Complexity: O(1) on average, O(*n*) to remove.
    public subscript(name: String) -> CheckpointValue? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The tensor with the given name, such as torch's `exp_avg`.
    ///
    /// torch keeps `None` for some that are not used yet, such as `momentum_buffer`.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` that lists the names that are there;
    ///   ``CheckpointError/Code/typeMismatch`` when it is no tensor; as
    ///   ``CheckpointValue/tensor()``.
    public func tensor(_ name: String) throws -> Tensor {
        guard let value = values[name] else {
            let names = values.keys.joined(separator: ", ")
            throw CheckpointError(
                .keyNotFound, "there is no '\(name)' in a parameter's state",
                advice: names.isEmpty ? "The state is empty" : "Its names are \(names)")
        }
        return try value.tensor(at: [.string(name)])
    }

    /// Puts a tensor under a name, such as torch's `exp_avg`.
    ///
    /// - Throws: as ``CheckpointValue/init(_:)-(Tensor)``.
    /// - Complexity: O(1) on average; no elements are read.
    public mutating func set(_ tensor: Tensor, as name: String) throws {
        values[name] = try CheckpointValue(tensor)
    }

    /// How many steps were taken, or nil when that is not known; setting nil removes it.
    ///
    /// torch keeps a tensor with a float, and older versions an `int`. What is there keeps its
    /// form, and a new one is a tensor.
    public var step: Int? {
        get { values["step"].flatMap { try? Int(decoding: $0) } }
        set {
            guard let newValue else {
                values["step"] = nil
                return
            }
            values["step"] = Self.step(newValue, inFormOf: values["step"])
        }
    }
}

extension ParameterState {
    /// A number of steps, as an `int` or a tensor; what that can't hold is reported when the value
    /// is written.
    private static func step(_ step: Int, inFormOf old: CheckpointValue?) -> CheckpointValue {
        if old?.kind == .integer { return CheckpointValue(step) }
        guard let number = Double(exactly: step) else {
            return CheckpointValue { (_) throws(CheckpointError) in
                throw CheckpointError(
                    .inconvertible, "\(step) steps are no number that floats have")
            }
        }
        if let old, old.number != nil { return old.replacing(byNumber: number, exactly: true) }
        return CheckpointValue { (contents) throws(CheckpointError) in
            let tensor = try Tensor(number)
            guard try tensor.onlyNumber() == number else {
                throw CheckpointError(.inconvertible, "\(step) steps are no number of float32")
            }
            return try contents.add(tensor)
        }
    }
}

extension ParameterState {
    /// What torch's SGD keeps of a parameter: nothing without momentum.
    ///
    /// - Throws: as ``CheckpointValue/init(_:)-(Tensor)``.
    public static func sgd(momentumBuffer: Tensor? = nil) throws -> ParameterState {
        try ParameterState(tensors: [("momentum_buffer", momentumBuffer)])
    }

    /// What torch's Adam and AdamW keep of a parameter; the greatest average is that of AMSGrad.
    ///
    /// - Throws: as ``CheckpointValue/init(_:)-(Tensor)``.
    public static func adam(
        step: Int, expAvg: Tensor, expAvgSq: Tensor, maxExpAvgSq: Tensor? = nil
    ) throws -> ParameterState {
        try ParameterState(
            step: step,
            tensors: [
                ("exp_avg", expAvg), ("exp_avg_sq", expAvgSq), ("max_exp_avg_sq", maxExpAvgSq),
            ])
    }

    /// What torch's RMSprop keeps of a parameter: a buffer with momentum, and an average of
    /// gradients when it is centred.
    ///
    /// - Throws: as ``CheckpointValue/init(_:)-(Tensor)``.
    public static func rmsprop(
        step: Int, squareAvg: Tensor, momentumBuffer: Tensor? = nil, gradAvg: Tensor? = nil
    ) throws -> ParameterState {
        try ParameterState(
            step: step,
            tensors: [
                ("square_avg", squareAvg), ("momentum_buffer", momentumBuffer),
                ("grad_avg", gradAvg),
            ])
    }

    /// What torch's Adagrad keeps of a parameter.
    ///
    /// - Throws: as ``CheckpointValue/init(_:)-(Tensor)``.
    public static func adagrad(step: Int, sum: Tensor) throws -> ParameterState {
        try ParameterState(step: step, tensors: [("sum", sum)])
    }

    private init(step: Int? = nil, tensors: [(name: String, tensor: Tensor?)]) throws {
        self.init()
        self.step = step
        for (name, tensor) in tensors {
            if let tensor { try set(tensor, as: name) }
        }
    }
}
