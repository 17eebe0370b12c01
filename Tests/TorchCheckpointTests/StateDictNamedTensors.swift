import TorchCheckpoint

/// A model that is nothing but entries by name.
struct NamedTensors: StateDictLoadable {
    var own: StateDict
    /// How often it was given other values.
    private(set) var updates = 0

    init(own: StateDict) { self.own = own }

    func stateDict() throws -> StateDict { own }

    mutating func update(with stateDict: StateDict) throws {
        own.tensors = stateDict.tensors
        own.extras = stateDict.extras
        updates += 1
    }
}
