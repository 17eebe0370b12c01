import ByteIO

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
        left.module.hasSameUTF8(as: right.module) && left.name.hasSameUTF8(as: right.name)
    }

    /// Hashes the code points of module and name.
    public func hash(into hasher: inout Hasher) {
        module.hashUTF8(into: &hasher)
        hasher.combine(UInt8(0))
        name.hashUTF8(into: &hasher)
    }

    /// Module and name joined by a dot.
    public var description: String { "\(module).\(name)" }
}

// All bytes at once: one long text of a file can be the name of any number of classes.
extension String {
    fileprivate func hasSameUTF8(as other: String) -> Bool {
        let isSame = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            unsafe other.utf8.withContiguousStorageIfAvailable { others in
                unsafe RawSpan(_unsafeElements: bytes).hasSameBytes(
                    as: RawSpan(_unsafeElements: others))
            }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    fileprivate func hashUTF8(into hasher: inout Hasher) {
        let isHashed: Void? = unsafe utf8.withContiguousStorageIfAvailable {
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if isHashed == nil { for byte in utf8 { hasher.combine(byte) } }
    }
}
