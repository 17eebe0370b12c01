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

    func rule(_ group: ParamGroup) throws -> any UpdateRule {
        switch self {
        case .sgd: return try SGD(group)
        case .adam: return try Adam(group)
        case .adamW:
            var rule = try Adam(group)
            // Files of torch before 2.6 do not say it; it is what AdamW is.
            rule.isDecoupled = true
            return rule
        }
    }
}
