import TorchCheckpoint

/// The optimizers that there are here.
///
/// A saved state does not say which optimizer it is of, so the one who resumes has to.
public enum OptimizerKind: String, CaseIterable, Sendable {
    /// `torch.optim.SGD`.
    case sgd
    /// `torch.optim.Adam`.
    case adam
    /// `torch.optim.AdamW`.
    case adamW = "adamw"

    /// What torch calls it.
    var torchName: String {
        switch self {
        case .sgd: "SGD"
        case .adam: "Adam"
        case .adamW: "AdamW"
        }
    }

    /// The rule of a group with its settings.
    func rule(_ group: ParamGroup) throws -> any UpdateRule {
        switch self {
        case .sgd:
            try group.checkSettings(of: SGD.self, self)
            return try SGD(group)
        case .adam, .adamW:
            try group.checkSettings(of: Adam.self, self)
            var rule = try Adam(group)
            // Files of torch before 2.6 do not say it; it is what tells AdamW from Adam.
            if group["decoupled_weight_decay"] == nil { rule.isDecoupled = self == .adamW }
            try checkDecoupling(rule)
            return rule
        }
    }

    private func checkDecoupling(_ rule: Adam) throws {
        let saved = rule.isDecoupled ? Self.adamW : .adam
        guard saved == self else {
            throw CheckpointError(
                .incompatibleStateDict,
                """
                the state is one of \(saved.torchName), with decoupled_weight_decay \
                \(rule.isDecoupled ? "True" : "False"), and not of \(torchName)
                """,
                advice: "Resume with the optimizer \(saved.rawValue)")
        }
    }
}
