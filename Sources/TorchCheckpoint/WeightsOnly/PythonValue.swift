import Tensors

/// A Python object as torch's unpickler with restrictions has it: as much of it as decides what
/// that takes.
///
/// In 16 bytes without references, because each instruction makes or moves one.
enum PythonValue {
    case none
    case bool(Bool)
    case integer(Int)
    /// An `int` beyond 64 bits, by its number of bytes.
    case bigInteger(UInt32)
    case float(Double)
    case text(ByteRange)
    case bytes(ByteRange)
    case byteArray(isEmpty: Bool)
    case complex
    case tuple(Items)
    /// `torch.Size`, which is a tuple of another type.
    case size(Items)
    /// The number of a sequence of the machine.
    case list(UInt32)
    /// The number of a sequence of keys and values in turn.
    case dictionary(UInt32, DictionaryClass)
    /// What is in a set never matters: it is hashable.
    case set(isEmpty: Bool)
    case device(TorchDevice)
    case layout(TorchLayout)
    /// The number of a name.
    case global(UInt32)
    /// The number of a storage of the machine.
    case storage(UInt32)
    /// The number of a tensor of the machine.
    case tensor(UInt32)
    /// What a class or function makes that the caller has accepted; nobody here knows what it is.
    case made(UInt32)

    /// The bytes of a text in the pickle.
    struct ByteRange {
        private let start: UInt32
        private let length: UInt32

        init(_ range: Range<Int>) {
            start = UInt32(truncatingIfNeeded: range.lowerBound)
            length = UInt32(truncatingIfNeeded: range.count)
        }

        var range: Range<Int> { Int(start)..<(Int(start) + Int(length)) }
        var isEmpty: Bool { length == 0 }
    }

    /// The elements of a tuple: a place in the machine's array of them.
    struct Items {
        private let start: UInt32
        private let flaggedCount: UInt32

        /// - Parameter isHashable: Whether all elements are.
        init(_ range: Range<Int>, isHashable: Bool) {
            start = UInt32(truncatingIfNeeded: range.lowerBound)
            flaggedCount = UInt32(truncatingIfNeeded: range.count) << 1 | (isHashable ? 0 : 1)
        }

        static let empty = Items(0..<0, isHashable: true)

        var range: Range<Int> { Int(start)..<(Int(start) + count) }
        var count: Int { Int(flaggedCount >> 1) }
        var isHashable: Bool { flaggedCount & 1 == 0 }
    }

    /// The classes of dictionaries that entries may be set of.
    enum DictionaryClass: UInt8 {
        case dict, orderedDict, counter
    }
}

extension PythonValue {
    /// Whether it can be the key of a dictionary.
    var isHashable: Bool {
        switch self {
        case .tuple(let items): items.isHashable
        case .list, .dictionary, .set, .byteArray: false
        default: true
        }
    }

    /// Whether it is made by a class or function that only the caller knows.
    var isUnknown: Bool { if case .made = self { true } else { false } }

    var tensorNumber: Int? { if case .tensor(let number) = self { Int(number) } else { nil } }

    /// A `bool`, and no number in its place.
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// What Python calls the type, for messages.
    var typeName: String {
        switch self {
        case .none: "None"
        case .bool: "bool"
        case .integer, .bigInteger: "int"
        case .float: "float"
        case .text: "str"
        case .bytes: "bytes"
        case .byteArray: "bytearray"
        case .complex: "complex"
        case .tuple: "tuple"
        case .size: "torch.Size"
        case .list: "list"
        case .dictionary(_, .dict): "dict"
        case .dictionary(_, .orderedDict): "OrderedDict"
        case .dictionary(_, .counter): "Counter"
        case .set: "set"
        case .device: "torch.device"
        case .layout: "torch.layout"
        case .global: "class or function"
        case .storage: "storage"
        case .tensor: "tensor"
        case .made: "object of an added class"
        }
    }
}

/// Where a tensor is, as far as it decides what can be done with it.
enum TorchDevice: UInt8 {
    case cpu, meta
    /// A device that this machine may not have.
    case other
}

/// The layouts that `torch.serialization._get_layout` knows.
enum TorchLayout: String, CaseIterable {
    case strided
    case sparseCOO = "sparse_coo"
    case sparseCSR = "sparse_csr"
    case sparseCSC = "sparse_csc"
    case sparseBSR = "sparse_bsr"
    case sparseBSC = "sparse_bsc"
    case mkldnn = "_mkldnn"
    case jagged
}
