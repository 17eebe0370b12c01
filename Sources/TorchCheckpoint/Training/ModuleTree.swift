import OrderedCollections

/// The modules of a model, as far as its state dict tells.
///
/// The names of tensors tell of the modules that have some, and the model's own `_metadata` of all.
struct ModuleTree {
    /// A module and what it has itself.
    struct Module {
        /// The names of its parameters and buffers.
        var tensors: [String] = []
        /// The names of what it saves beside them.
        var extraStates: [String] = []
        // A key, not a string, because Swift takes strings for equal that Python does not.
        fileprivate var children: OrderedDictionary<CheckpointKey, Int> = [:]
    }

    /// All modules, the model itself first.
    private(set) var modules = [Module()]

    init(_ model: StateDict) {
        for name in model.metadata?.dictionary?.keys ?? [] {
            guard case .string(let name) = name, !name.isEmpty else { continue }
            _ = add(name.nameParts[...])
        }
        for name in model.tensors.keys {
            let module = add(name.nameParts.dropLast())
            if name.isExtraState {
                modules[module].extraStates.append(name)
            } else {
                modules[module].tensors.append(name)
            }
        }
        for name in model.extras.keys {
            modules[add(name.nameParts.dropLast())].extraStates.append(name)
        }
    }

    private mutating func add(_ path: ArraySlice<String>) -> Int {
        path.reduce(0) { module, part in
            if let known = modules[module].children[.string(part)] { return known }
            modules.append(Module())
            modules[module].children[.string(part)] = modules.count - 1
            return modules.count - 1
        }
    }

    /// The deepest module that a name leads to, and whether it is the one that the name says.
    func deepestModule(of name: String) -> (module: Int, isNamed: Bool) {
        var module = 0
        for part in name.nameParts.dropLast() {
            guard let child = modules[module].children[.string(part)] else {
                return (module, false)
            }
            module = child
        }
        return (module, true)
    }

    /// The numbers of the modules, each before those inside it.
    var depthFirst: [Int] {
        var order: [Int] = []
        var stack = [0]
        while let module = stack.popLast() {
            order.append(module)
            stack += modules[module].children.values.reversed()
        }
        return order
    }
}

extension String {
    /// Whether this is a name that torch gives to what `get_extra_state` returns.
    var isExtraState: Bool { lastNamePart == "_extra_state" }
}
