/// The kinds of object that a ``PickleGraph`` tells apart.
public enum PickleKind: UInt8, Sendable {
    /// `None`.
    case none
    /// `True` or `False`.
    case bool
    /// An `int` of at most 64 bits.
    case integer
    /// An `int` of more than 64 bits.
    case bigInteger
    /// A `float`.
    case float
    /// A `str`.
    case text
    /// A Python 2 `str`: bytes that Python 3 decodes with an encoding it is told.
    case byteString
    /// A `bytes` object (protocol 3 and later; older protocols call `_codecs.encode`).
    case bytes
    /// A `bytearray` (protocol 5; older protocols call `bytearray`).
    case byteArray
    /// A `tuple`.
    case tuple
    /// A `list`.
    case list
    /// A `dict`.
    case dictionary
    /// A `set` (protocol 4 and later; older protocols call `set`).
    case set
    /// A `frozenset` (protocol 4 and later; older protocols call `frozenset`).
    case frozenSet
    /// The name of a class or function.
    case global
    /// What a named class or function would make of arguments.
    case object
    /// What lies outside the pickle under a persistent id: for torch, a storage.
    case persistent
    /// A class or function named by a number of Python's extension registry.
    case `extension`
}
