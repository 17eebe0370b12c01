package import ByteIO
import Synchronization

/// A block of bytes that one or more tensors are views of.
///
/// Two tensors share memory exactly when their `storage` is the same object (`===`). The bytes of a
/// stored record are a range of the mapped file; those of a deflated record are inflated whenever
/// elements are read, and given back afterwards. The Python counterpart is `torch.UntypedStorage`.
public final class Storage: Sendable {
    private enum Contents: Sendable {
        case region(ByteRegion)
        case deferred(DeferredRegion)
        case absent
    }

    private let contents: Contents

    // From this size on, asking for the size of the file costs nothing beside reading it.
    private static let largeByteCount = 1 << 20

    /// The record's name in the checkpoint (`0` for `data/0`), or nil for a storage made in Swift.
    public let key: String?
    /// The device tag that the storage carries.
    public let device: Device
    /// The size in bytes.
    public let byteCount: Int
    /// The bytes that are there for it: fewer than ``byteCount`` where they have to be inflated.
    package let storedByteCount: Int
    /// The order of the bytes of each element.
    public let byteOrder: ByteOrder

    /// A storage whose bytes are there already.
    package init(
        key: String?, device: Device, region: ByteRegion, byteOrder: ByteOrder = .little
    ) {
        self.key = key
        self.device = device
        self.byteOrder = byteOrder
        byteCount = region.count
        storedByteCount = region.count
        contents = .region(region)
    }

    /// A storage of `byteCount` bytes that `load` gets when they are first needed.
    ///
    /// - Parameters:
    ///   - storedByteCount: The bytes that are there for them, when that is another number.
    ///   - source: A storage whose elements are converted for it.
    package init(
        key: String?, device: Device, byteCount: Int, byteOrder: ByteOrder,
        storedByteCount: Int? = nil, madeOf source: Storage? = nil,
        load: @escaping @Sendable () throws(CheckpointError) -> ByteRegion
    ) {
        self.key = key
        self.device = device
        self.byteOrder = byteOrder
        self.byteCount = byteCount
        self.storedByteCount = storedByteCount ?? source?.storedByteCount ?? byteCount
        contents = .deferred(DeferredRegion(source: source?.bytesIdentity, load))
    }

    /// No storage at all, for tensors that have a shape and no data.
    package init(absentOn device: Device) {
        key = nil
        self.device = device
        (byteCount, storedByteCount) = (0, 0)
        byteOrder = .native
        contents = .absent
    }

    /// Whether there are bytes; without, ``byteCount`` is 0.
    public var hasData: Bool {
        if case .absent = contents { false } else { true }
    }

    /// The same bytes with another device tag.
    package init(_ other: Storage, device: Device) {
        contents = other.contents
        key = other.key
        self.device = device
        (byteCount, storedByteCount) = (other.byteCount, other.storedByteCount)
        byteOrder = other.byteOrder
    }

    /// What tells the bytes from those of other storages: several storages can be of the same, such
    /// as arrays of NumPy that are made of one `bytes`.
    var bytesIdentity: UInt {
        switch contents {
        case .region(let region): region.identity
        case .deferred(let deferred): deferred.identity
        case .absent: 0
        }
    }

    /// Whether the bytes are made, by inflating all of them, whenever they are asked for and nobody
    /// has kept them.
    package var isInflatedOnDemand: Bool {
        if case .deferred = contents { true } else { false }
    }

    /// The bytes.
    ///
    /// - Throws: ``CheckpointError`` when a deflated record can't be inflated;
    ///   ``CheckpointError/Code/fileSystem`` when the mapped file of a large one was cut.
    package func region() throws(CheckpointError) -> ByteRegion {
        switch contents {
        case .region(let region):
            if region.isPartial || region.count >= Self.largeByteCount { try region.prepare() }
            return region
        case .deferred(let deferred): return try deferred.region()
        case .absent: throw .noData
        }
    }
}

extension Storage {
    /// Creates a storage of a copy of `bytes`, for tensors that are to share it.
    ///
    /// - Parameters:
    ///   - bytes: Elements of any dtype, in the machine's byte order.
    ///   - device: The device tag that the storage carries.
    /// - Throws: ``CheckpointError/Code/outOfMemory``.
    /// - Complexity: O(*n*) in the number of bytes.
    public convenience init(bytes: some Collection<UInt8>, device: Device = .cpu) throws {
        try self.init(
            key: nil, device: device, region: ByteRegion(copying: bytes), byteOrder: .native)
    }

    /// A copy of the bytes, in the order of the file.
    ///
    /// - Throws: ``CheckpointError`` when a deflated record can't be inflated;
    ///   ``CheckpointError/Code/fileSystem`` when the file was cut;
    ///   ``CheckpointError/Code/noData`` when there are none.
    /// - Complexity: O(``byteCount``).
    public func bytes() throws -> [UInt8] { try region().copyBytes() }
}

/// A region that is made when it is asked for, and again when nobody kept it meanwhile.
private final class DeferredRegion: Sendable {
    private struct Loaded {
        weak var owner: ByteOwner?
        /// Where the region is in the memory of its owner.
        var start = 0
        var count = 0
    }

    private let load: @Sendable () throws(CheckpointError) -> ByteRegion
    private let loaded = Lock(Loaded())
    private let source: UInt?

    /// - Parameters:
    ///   - source: What the bytes are made of has this identity.
    ///   - load: Makes them.
    init(source: UInt?, _ load: @escaping @Sendable () throws(CheckpointError) -> ByteRegion) {
        self.source = source
        self.load = load
    }

    /// What no region of other bytes has.
    var identity: UInt { source ?? UInt(bitPattern: ObjectIdentifier(self)) }

    func region() throws(CheckpointError) -> ByteRegion {
        try loaded.withLock { (loaded) throws(CheckpointError) in
            if let owner = loaded.owner {
                return try ByteRegion(owner).slice(at: loaded.start, count: loaded.count)
            }
            let region = try load()
            if let owner = region.keeper, let start = ByteRegion(owner).offset(of: region) {
                loaded = Loaded(owner: owner, start: start, count: region.count)
            }
            return region
        }
    }
}
