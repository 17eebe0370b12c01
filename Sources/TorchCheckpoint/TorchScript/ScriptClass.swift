/// What the head of a class in TorchScript's code says of its attributes.
struct ScriptClass {
    /// Whether it is a module and no other class.
    var isModule: Bool
    /// The attributes that are parameters.
    var parameters: Set<String> = []
    /// The attributes that are buffers.
    var buffers: Set<String> = []
    /// The declared types of the attributes, in the order of the code.
    var types: [(name: String, type: String)] = []
    /// Whether its objects are saved by a method of their own, as something else than a dictionary
    /// of attributes.
    var hasOwnState = false

    /// The parameters in the order in which torch has them.
    var orderedParameters: [String] { types.map(\.name).filter(parameters.contains) }

    /// The buffers in the order in which torch has them; an optional one is none for torch.
    var orderedBuffers: [String] {
        types.filter { buffers.contains($0.name) && $0.type == "Tensor" }.map(\.name)
    }
}
