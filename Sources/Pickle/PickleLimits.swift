import ByteIO

/// What a pickle may cost before it is refused.
///
/// The defaults are far above any real checkpoint (a million tensors need about 13 million nodes)
/// and far below what would exhaust a machine. See `Specs/limits.md`.
public struct PickleLimits: Hashable, Sendable {
    /// The largest pickle, in bytes; at most 4 GiB − 1, because places in it are 32-bit numbers.
    public var bytes: Int
    /// The largest number of instructions.
    public var instructions: Int
    /// The largest number of objects in the graph; at most 2^29, because their ids are 32-bit
    /// numbers.
    public var nodes: Int
    /// The largest number of slots of the memo that are filled.
    public var memoSlots: Int
    /// The largest number of objects on the stack at once.
    public var stackObjects: Int
    /// The largest number of marks that are open at once.
    public var marks: Int
    /// The largest number of bytes of a text, of `bytes` or of a `bytearray`, as the pickle has it.
    public var textBytes: Int
    /// The largest number of bytes of a binary integer (`LONG1`, `LONG4`).
    public var integerBytes: Int
    /// The largest number of decimal digits of an integer written as text, as in CPython.
    public var integerDigits: Int
    /// The largest length of a module's name, or of the name of a class or function, in bytes.
    public var nameBytes: Int

    /// Creates limits; what is not named has its default.
    public init(
        bytes: Int = 1 << 31, instructions: Int = 1 << 29, nodes: Int = 1 << 26,
        memoSlots: Int = 1 << 26, stackObjects: Int = 1 << 26, marks: Int = 1 << 20,
        textBytes: Int = 1 << 30, integerBytes: Int = 1 << 20, integerDigits: Int = 4300,
        nameBytes: Int = 1024
    ) {
        self.bytes = bytes
        self.instructions = instructions
        self.nodes = nodes
        self.memoSlots = memoSlots
        self.stackObjects = stackObjects
        self.marks = marks
        self.textBytes = textBytes
        self.integerBytes = integerBytes
        self.integerDigits = integerDigits
        self.nameBytes = nameBytes
    }

    /// The defaults.
    public static let `default` = PickleLimits()
}

extension PickleLimits {
    /// These limits, none below 0 or above what the numbers in a graph can hold.
    var clamped: PickleLimits {
        var limits = self
        limits.bytes = max(0, min(bytes, Int(UInt32.max)))
        limits.nodes = max(0, min(nodes, 1 << 29))
        limits.nameBytes = max(0, nameBytes)
        return limits
    }

    /// The error that there is more of something than a limit allows.
    ///
    /// - Parameters:
    ///   - what: What there is, as a sentence without an end: "an integer has 5000 digits".
    ///   - name: The limit's name.
    ///   - limit: Its value.
    static func exceeded(_ what: String, _ name: String, _ limit: Int) -> CheckpointError {
        CheckpointError(
            .limitExceeded, "\(what), the limit is \(limit)",
            advice: "Raise PickleLimits.\(name) if the file is trusted")
    }
}
