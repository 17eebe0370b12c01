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

    // By bytes: Swift's strings are equal in all their Unicode forms, and names in Python are not.

    /// Returns whether module and name have the same code points.
    public static func == (left: GlobalName, right: GlobalName) -> Bool {
        left.module.utf8.elementsEqual(right.module.utf8)
            && left.name.utf8.elementsEqual(right.name.utf8)
    }

    /// Hashes the code points of module and name.
    public func hash(into hasher: inout Hasher) {
        for byte in module.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0))
        for byte in name.utf8 { hasher.combine(byte) }
    }

    /// Module and name joined by a dot.
    public var description: String { "\(module).\(name)" }
}
