import TorchCheckpoint

extension Optimizer {
    /// Checks that the groups have each parameter once.
    func checkParameters() throws {
        let numbers = groups.flatMap(\.parameters)
        guard numbers.sorted() == Array(shapes.indices) else {
            throw CheckpointError(
                .shapeMismatch,
                "the groups have \(numbers.count) parameters, the model has \(shapes.count)",
                advice: "The state is one of another model")
        }
    }

    /// Checks that the state of a parameter has nothing that this kind of optimizer does not keep.
    func checkNames(_ state: ParameterState, of number: Int) throws {
        guard let group = groups.first(where: { $0.parameters.contains(number) }) else { return }
        let known = type(of: group.rule).memories
        guard let unknown = state.values.keys.first(where: { !known.contains($0) }) else { return }
        let name = CheckpointKey.string(unknown).pythonRepr
        throw CheckpointError(
            .incompatibleStateDict,
            "the state of parameter \(number) has \(name), which \(kind.torchName) does not keep",
            advice: Self.advice(on: state))
    }

    /// Checks that either nothing is remembered, or all that a step leaves behind.
    func checkMemories() throws {
        guard memories.values.contains(where: { !$0.isEmpty }) else { return }
        for group in groups {
            for number in group.parameters {
                let memory = memories[number] ?? ParameterMemory()
                guard let missing = group.rule.needed.first(where: { !memory.has($0) }) else {
                    continue
                }
                throw CheckpointError(
                    .keyNotFound,
                    "the state of parameter \(number) has no '\(missing)', others have a state",
                    advice: Self.advice(on: origin.state[.integer(number)] ?? ParameterState()))
            }
        }
    }

    private static func advice(on state: ParameterState) -> String {
        let names = state.values.keys.map { CheckpointKey.string($0).pythonRepr }
        return names.isEmpty
            ? "There is nothing of it: it may have had no gradient, which is not supported here"
            : "It has \(names.joined(separator: ", ")): the state is one of another optimizer"
    }
}
