public import Pickle

/// What is thought of a class or function that a pickle names.
public enum GlobalVerdict: String, Hashable, Sendable {
    /// `torch.load(weights_only=True)` of torch 2.13 accepts it.
    case accepted
    /// C++ makes an object of a class in the archive of it, and imports nothing: in TorchScript.
    case script
    /// Neither accepted nor known to do harm. Importing it runs whatever its module does.
    case unknown
    /// It is known to run code, start programs, or open files and connections.
    case dangerous
}

extension GlobalVerdict {
    /// The verdict on a name, as a pickle of `torch.save` has it.
    ///
    /// Names of Python 2 count as what they became in Python 3. A name with dots, which later
    /// protocols look up attribute by attribute, is dangerous if a part of it is.
    ///
    /// - Complexity: O(*n*) in the length of the name.
    public init(_ name: GlobalName) {
        self.init(name, isDangerous: DangerousGlobals.reason(for: name) != nil)
    }

    /// The verdict on a name that was looked up among those known to do harm.
    init(_ name: GlobalName, isDangerous: Bool) {
        if isDangerous {
            self = .dangerous
        } else {
            self = GlobalPolicy.weightsOnly.accepts(name) ? .accepted : .unknown
        }
    }
}
