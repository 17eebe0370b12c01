/// The name of a Python class or function, as a pickle states it.
///
/// It is only ever a name: nothing is imported. The Python counterpart is what `GLOBAL` and
/// `STACK_GLOBAL` push.
public struct GlobalName: Hashable, Sendable, CustomStringConvertible {
    /// The module, such as `torch._utils`.
    public let module: String
    /// The name inside the module, such as `_rebuild_tensor_v2`.
    public let name: String

    /// Creates a name.
    public init(module: String, name: String) {
        self.module = module
        self.name = name
    }

    /// Module and name joined by a dot.
    public var description: String { "\(module).\(name)" }
}
