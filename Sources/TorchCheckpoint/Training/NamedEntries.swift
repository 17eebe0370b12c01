import OrderedCollections
import Pickle
import Tensors

// Dictionaries whose keys are names in Python code.
extension CheckpointValue {
    /// The entries of a dictionary with string keys, in file order.
    ///
    /// - Parameter what: What the dictionary is, for the error.
    /// - Throws: ``CheckpointError/Code/typeMismatch``; ``CheckpointError/Code/duplicateName`` when
    ///   two names differ in their Unicode form only, which Swift takes for equal.
    func namedEntries(
        _ what: String
    ) throws(CheckpointError) -> OrderedDictionary<String, CheckpointValue> {
        guard kind == .dictionary, let entries = dictionary else {
            throw unfit("a dict, \(what),")
        }
        var named: OrderedDictionary<String, CheckpointValue> = [:]
        for (key, value) in entries {
            guard case .string(let name) = key else {
                let error = CheckpointError(
                    .typeMismatch,
                    "a name was expected in \(what), but the key \(key.pythonRepr) is there",
                    offset: graph.offset(of: id))
                throw contents.locating(error, at: nil)
            }
            guard named.updateValue(value, forKey: name) == nil else {
                let error = CheckpointError(
                    .duplicateName,
                    "two keys of \(what) are \(key.pythonRepr), in different Unicode forms",
                    offset: graph.offset(of: id))
                throw contents.locating(error, at: nil)
            }
        }
        return named
    }

    /// The same, where a small file can have one large dictionary in many places.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when too much was read before.
    func namedEntries(
        _ what: String, _ effort: inout Effort
    ) throws(CheckpointError) -> OrderedDictionary<String, CheckpointValue> {
        do throws(CheckpointError) {
            let keys = (entryIDs ?? []).entryPairs.lazy.map { graph.textLength(of: $0.key) }
            let lengths = keys.reduce(0) { $0 + $1 / CodingLimits.freeTextLength }
            try effort.spend(1 + (count ?? 0) + lengths, on: self)
        } catch {
            throw contents.locating(error, at: nil)
        }
        return try namedEntries(what)
    }

    /// The string keys of a dictionary as the objects that they are: one may be in other places,
    /// too.
    var textKeys: [CheckpointKey: CheckpointValue] {
        var keys: [CheckpointKey: CheckpointValue] = [:]
        for entry in (entryIDs ?? []).entryPairs {
            let key = value(entry.key)
            guard let name = key.string, keys[.string(name)] == nil else { continue }
            keys[.string(name)] = key
        }
        return keys
    }

    /// The error that something else is here than what was expected, with the file.
    func unfit(_ what: String) -> CheckpointError {
        contents.locating(mismatch(what), at: nil)
    }

    /// A number that is a `float`, an `int` or the only element of a tensor.
    var number: Double? { try? Double(decoding: self) }

    /// The numbers of a list or tuple; nil when something else is among them.
    var numbers: [Double]? { array?.mapAll(\.number) }

    /// A number in the form that this value has: a tensor with the same dtype, shape and device, an
    /// `int` or a `float`.
    ///
    /// - Parameter isExact: Whether a tensor of floats has to have the very number, and not the one
    ///   nearest to it. What a tensor can't hold is reported when the value is written.
    func replacing(byNumber number: Double, exactly isExact: Bool = false) -> CheckpointValue {
        guard let tensor = try? singleElement() else {
            guard kind == .integer, let integer = Int(exactly: number) else {
                return CheckpointValue(number)
            }
            return CheckpointValue(integer)
        }
        return CheckpointValue(number: number, like: tensor, exactly: isExact)
    }

    /// A tensor of one number, with dtype, shape, device and marks of another one.
    init(number: Double, like tensor: Tensor, exactly isExact: Bool) {
        self.init { (contents) throws(CheckpointError) in
            let new = try Tensor(
                number, shape: tensor.shape, dtype: tensor.dtype, device: tensor.device)
            let stored = try new.onlyNumber()
            let isRounded = tensor.dtype.isFloatingPoint && !isExact
            guard stored == number || (isRounded && stored.isFinite == number.isFinite) else {
                throw CheckpointError(
                    .inconvertible, "\(number) is no value of \(tensor.dtype)",
                    advice: "Set a value of another form, such as a float")
            }
            return try contents.add(
                new.onto(
                    new.storage, requiresGrad: tensor.requiresGrad,
                    isParameter: tensor.isParameter))
        }
    }
}

extension Array {
    /// The results for all elements, or nil when there is none for one.
    func mapAll<Result>(_ transform: (Element) -> Result?) -> [Result]? {
        var results: [Result] = []
        results.reserveCapacity(count)
        for element in self {
            guard let result = transform(element) else { return nil }
            results.append(result)
        }
        return results
    }
}
