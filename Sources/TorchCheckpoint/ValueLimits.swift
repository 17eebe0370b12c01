/// What going through the values of a checkpoint may cost before it is refused.
///
/// The graph of a pickle has no limit of depth, and neither have subscripts. These are for what walks
/// through it. See `Specs/limits.md`.
public struct ValueLimits: Hashable, Sendable {
    /// How deep containers may be nested where tensors or state dicts are listed, and modules in
    /// modules.
    ///
    /// ``Checkpoint/checkDepth()`` holds a whole checkpoint to it, for functions of your own that
    /// call themselves.
    public var depth: Int
    /// How deep containers may be nested in what is decoded: types call themselves, and each level
    /// takes a few kilobytes of the thread's stack.
    public var decodingDepth: Int
    /// The largest number of tensors that are listed, of one that is at several places each of them.
    public var tensors: Int

    /// Creates limits; what is not named has its default.
    public init(depth: Int = 4096, decodingDepth: Int = 128, tensors: Int = 1 << 24) {
        self.depth = depth
        self.decodingDepth = decodingDepth
        self.tensors = tensors
    }

    /// The defaults.
    public static let `default` = ValueLimits()
}
