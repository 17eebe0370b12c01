import Pickle

/// A group of parameters with the settings that an optimizer has for them, by torch's names.
///
/// Properties read and write the settings that torch's own optimizers have; all others are there by
/// their names. A number may be a `float`, an `int` or a tensor with one element, and keeps its
/// form when it is set. Setting nil removes an entry.
///
/// The Python counterpart is `optimizer.state_dict()["param_groups"][0]`.
public struct ParamGroup: Sendable {
    /// The settings by their names, in the order of the file, `params` among them.
    public var values: OrderedDictionary<String, CheckpointValue>

    /// Creates a group of settings, of which `params` should be one.
    public init(_ values: OrderedDictionary<String, CheckpointValue> = [:]) {
        self.values = values
    }

    /// The setting with the given name, or nil; setting nil removes it.
    ///
    /// - Complexity: O(1) on average, O(*n*) to remove.
    public subscript(name: String) -> CheckpointValue? {
        get { values[name] }
        set { set(name, newValue) }
    }

    /// The keys of the parameters in ``OptimizerState/state``; nil when they are not a list of
    /// integers and strings.
    ///
    /// - Complexity: O(*n*) in the number of parameters.
    public var params: [CheckpointKey]? {
        get { values["params"]?.array?.mapAll { $0.parameterKey } }
        set { values["params"] = newValue.map(CheckpointValue.init(parameterKeys:)) }
    }

    /// The names of the parameters, of an optimizer that was made of named ones.
    ///
    /// - Complexity: O(*n*) in the number of parameters.
    public var paramNames: [String]? {
        get { values["param_names"]?.array?.mapAll(\.string) }
        set { set("param_names", newValue.map { .list(strings: $0) }) }
    }

    /// Sets or removes a setting; a new one goes before `params`, which torch writes last.
    private mutating func set(_ name: String, _ value: CheckpointValue?) {
        guard let value, values[name] == nil, let last = values.index(forKey: "params") else {
            values[name] = value
            return
        }
        values.updateValue(value, forKey: name, insertingAt: last)
    }
}

extension ParamGroup {
    /// A setting that is a number.
    subscript(number name: String) -> Double? {
        get { values[name]?.number }
        set {
            set(
                name,
                newValue.map { values[name]?.replacing(byNumber: $0) ?? CheckpointValue($0) })
        }
    }

    /// A setting that is a `bool`.
    subscript(bool name: String) -> Bool? {
        get { values[name]?.bool }
        set { set(name, newValue.map { CheckpointValue($0) }) }
    }

    /// A setting that is two numbers.
    subscript(pair name: String) -> (Double, Double)? {
        get {
            guard let numbers = values[name]?.numbers, numbers.count == 2 else {
                return nil
            }
            return (numbers[0], numbers[1])
        }
        set { set(name, newValue.map { CheckpointValue(pair: $0) }) }
    }
}

extension ParamGroup: CustomStringConvertible {
    /// One line: the number of parameters and the settings, as Python's `repr` shows them.
    ///
    /// - Complexity: O(*n*) in the number of settings.
    public var description: String {
        let count = (values["params"]?.count ?? 0).counted("parameter", "parameters")
        let settings = values.filter { $0.key != "params" && $0.key != "param_names" }
        return ([count] + settings.map { "\($0.key)=\($0.value)" }).joined(separator: ", ")
    }
}

extension CheckpointValue {
    fileprivate var parameterKey: CheckpointKey? {
        string.map(CheckpointKey.string) ?? int.map(CheckpointKey.integer)
    }

    /// A list of what parameters are known by.
    init(parameterKeys keys: [CheckpointKey]) {
        self.init { (contents) throws(CheckpointError) in
            var ids: [NodeID] = []
            for key in keys { try ids.append(contents.add(key)) }
            return contents.graph.addList(ids)
        }
    }

    /// A tuple of two `float`.
    init(pair: (Double, Double)) {
        self.init(making: { contents in
            contents.graph.addTuple([pair.0, pair.1].map { contents.graph.addFloat($0) })
        })
    }
}
