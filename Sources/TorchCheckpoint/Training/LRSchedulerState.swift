/// The state of a learning rate scheduler, by torch's names, in the order of the file.
///
///     var scheduler = try checkpoint.decode(LRSchedulerState.self, at: ["scheduler"])
///     scheduler.lastEpoch = 10
///
/// Properties read and write what the schedulers of torch have in common; setting nil removes an
/// entry. The Python counterpart is what `torch.optim.lr_scheduler.LRScheduler.state_dict()`
/// returns.
public struct LRSchedulerState: Sendable {
    /// The values by their names.
    public var values: OrderedDictionary<String, CheckpointValue>
    /// The names as they are in the file: a scheduler made of schedulers has them in several
    /// places.
    private var readNames: [CheckpointKey: CheckpointValue] = [:]

    /// Creates a state.
    public init(_ values: OrderedDictionary<String, CheckpointValue> = [:]) {
        self.values = values
    }

    /// The value with the given name, or nil; setting nil removes it.
    ///
    /// - Complexity: O(1) on average, O(*n*) to remove.
    public subscript(name: String) -> CheckpointValue? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The number of the last epoch, from 0: torch's `last_epoch`.
    public var lastEpoch: Int? {
        get { values["last_epoch"]?.int }
        set { values["last_epoch"] = newValue.map { CheckpointValue($0) } }
    }

    /// How many steps the scheduler took: torch's `_step_count`.
    public var stepCount: Int? {
        get { values["_step_count"]?.int }
        set { values["_step_count"] = newValue.map { CheckpointValue($0) } }
    }

    /// The learning rates that the scheduler started from, one for each group: torch's `base_lrs`.
    ///
    /// - Complexity: O(*n*) in the number of groups.
    public var baseLRs: [Double]? {
        get { values["base_lrs"]?.numbers }
        set { values["base_lrs"] = newValue.map { .list(floats: $0) } }
    }

    /// The learning rates that were set last, one for each group: torch's `_last_lr`.
    ///
    /// - Complexity: O(*n*) in the number of groups.
    public var lastLR: [Double]? {
        get { values["_last_lr"]?.numbers }
        set { values["_last_lr"] = newValue.map { .list(floats: $0) } }
    }
}

extension LRSchedulerState: CheckpointCodable {
    /// Reads what torch's `scheduler.state_dict()` returned.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` when it is no dictionary with string keys;
    ///   ``CheckpointError/Code/duplicateName`` when two names differ in their Unicode form only.
    /// - Complexity: O(*n*) in the number of entries.
    public init(checkpointValue value: CheckpointValue) throws {
        try self.init(value.namedEntries("a scheduler's state"))
        readNames = value.textKeys
    }

    /// The `dict` that torch's `scheduler.load_state_dict` takes.
    ///
    /// Saved by itself, a state that torch wrote has the very bytes of that file.
    ///
    /// - Throws: as ``Checkpoint/set(_:at:)-(CheckpointValue,_)``.
    /// - Complexity: O(*n*) in the number of objects.
    public func checkpointValue() throws -> CheckpointValue {
        var writer = StateWriter()
        let entries = values.map { name, value in
            let key = writer.copy(of: .string(name), in: readNames, orNew: .name(name))
            return (key, writer.copy(value))
        }
        return try writer.finish(.dictionary(entries))
    }
}
