import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// States of torch's optimizers, of which each goes on only as the one that it is of.
struct OptimizerStateTests {
    private static let model = Result {
        try MLP<Float>(features: 2, hidden: [3], classes: 2, seed: 1)
    }

    // Before the first step and after it.
    private static func states(_ name: String) throws -> [OptimizerState] {
        let rows = try Reference.checkpoint("optimizer_states.pth").root.at(name).array ?? []
        return try rows.map { try OptimizerState(checkpointValue: $0) }
    }

    private static func code(
        _ kind: OptimizerKind, _ state: OptimizerState
    ) throws -> CheckpointError.Code? {
        let model = try model.get()
        return thrown(CheckpointError.self) { _ = try Optimizer(kind, state, for: model) }?.code
    }

    @Test(
        arguments: [
            ("SGD", .sgd), ("SGD momentum", .sgd), ("SGD groups", .sgd), ("SGD frozen", .sgd),
            ("SGD cyclic", .sgd), ("Adam", .adam), ("Adam amsgrad", .adam), ("Adam named", .adam),
            ("Adam cycle", .adam), ("AdamW", .adamW), ("AdamW amsgrad", .adamW),
        ] as [(String, OptimizerKind)])
    func `a state is taken by its own optimizer alone`(name: String, own: OptimizerKind) throws {
        let states = try Self.states(name)
        #expect(states.count == 2)
        for state in states {
            for kind in OptimizerKind.allCases {
                let code = try Self.code(kind, state)
                #expect((code == nil) == (kind == own), "\(kind)")
            }
        }
    }

    @Test(arguments: [
        "NAdam", "RAdam", "Adamax", "RMSprop", "Adagrad", "Adadelta", "ASGD", "Rprop", "Adafactor",
    ])
    func `a state of an optimizer that there is none of here is refused`(name: String) throws {
        for state in try Self.states(name) {
            for kind in OptimizerKind.allCases {
                let code = try Self.code(kind, state)
                #expect(code == .incompatibleStateDict || code == .keyNotFound, "\(kind)")
            }
        }
    }

    @Test(arguments: [("NAdam", OptimizerKind.adam), ("Adamax", .adamW), ("Adagrad", .sgd)])
    func `nor is it with the groups of another one`(name: String, kind: OptimizerKind) throws {
        var state = try Self.states(name)[1]
        let own: [OptimizerKind: String] = [.sgd: "SGD", .adam: "Adam", .adamW: "AdamW"]
        state.paramGroups = try Self.states(#require(own[kind]))[1].paramGroups
        #expect(try Self.code(kind, state) == .incompatibleStateDict)
    }

    @Test(
        arguments: [
            ("Adam", .adam), ("Adam amsgrad", .adam), ("AdamW", .adamW), ("AdamW amsgrad", .adamW),
            ("SGD momentum", .sgd),
        ] as [(String, OptimizerKind)])
    func `a state is whole or that of a new optimizer`(name: String, kind: OptimizerKind) throws {
        let whole = try Self.states(name)[1]
        for (number, parameterState) in whole.state {
            var state = whole
            state.state[number] = nil
            #expect(try Self.code(kind, state) == .keyNotFound, "\(number)")
            state.state[number] = ParameterState()
            #expect(try Self.code(kind, state) == .keyNotFound, "\(number)")
            for part in parameterState.values.keys {
                state = whole
                state.state[number]?[part] = nil
                #expect(try Self.code(kind, state) == .keyNotFound, "\(number) \(part)")
                state.state[number]?[part] = .pythonNone
                #expect(try Self.code(kind, state) != nil, "\(number) \(part)")
            }
            state = whole
            state.state[number]?["exp_inf"] = 1
            #expect(try Self.code(kind, state) == .incompatibleStateDict, "\(number)")
        }
        var state = whole
        for number in whole.state.keys { state.state[number] = ParameterState() }
        #expect(try Self.code(kind, state) == nil)
        state.state = [:]
        #expect(try Self.code(kind, state) == nil)
    }

    @Test(
        arguments: [
            ("SGD momentum frozen", .sgd), ("Adam frozen", .adam), ("AdamW frozen", .adamW),
        ] as [(String, OptimizerKind)])
    func `a run that froze a parameter is refused once there is a state`(
        name: String, kind: OptimizerKind
    ) throws {
        let states = try Self.states(name)
        #expect(states[1].state.count == 4)
        #expect(try states.map { try Self.code(kind, $0) } == [nil, .keyNotFound])
    }

    @Test func `momentum that was never used may be None`() throws {
        var state = try Self.states("SGD")[1]
        let unused = ParameterState(["momentum_buffer": .pythonNone])
        for number in 0..<5 { state.state[.integer(number)] = unused }
        #expect(try Self.code(.sgd, state) == nil)
        state.paramGroups[0].momentum = 0.5
        #expect(try Self.code(.sgd, state) == nil)
    }

    @Test(arguments: [OptimizerKind.adam, .adamW])
    func `where the file does not say whether decay is decoupled, the optimizer does`(
        kind: OptimizerKind
    ) throws {
        for name in ["Adam", "AdamW"] {
            var state = try Self.states(name)[1]
            state.paramGroups[0].decoupledWeightDecay = nil
            #expect(try Self.code(kind, state) == nil)
        }
    }

    @Test func `the refusal says what is there and what to do`() throws {
        let model = try Self.model.get()
        func error(_ name: String, _ kind: OptimizerKind) throws -> CheckpointError? {
            let state = try Self.states(name)[1]
            return thrown(CheckpointError.self) { _ = try Optimizer(kind, state, for: model) }
        }
        #expect(try error("Adam", .adamW)?.advice?.contains("adam") == true)
        #expect(try error("AdamW", .adam)?.advice?.contains("adamw") == true)
        #expect(try error("NAdam", .adam)?.reason.contains("'momentum_decay'") == true)
        #expect(try error("RAdam", .adam)?.advice?.contains("'betas'") == true)
    }
}
