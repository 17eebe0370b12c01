/// A range of immutable bytes in memory: a part of a mapped file or of an owned buffer.
///
/// Copying a region copies no bytes; slicing it neither. The memory lives as long as any region
/// over it does.
@safe
package struct ByteRegion: @unchecked Sendable {
    private let owner: ByteOwner?
    @usableFromInline let base: UnsafeRawPointer?
    /// The number of bytes.
    package let count: Int

    /// A region of no bytes.
    package init() {
        owner = nil
        unsafe base = nil
        count = 0
    }

    /// All bytes of `owner`.
    package init(_ owner: ByteOwner) {
        self.owner = owner
        unsafe base = unsafe owner.bytes.baseAddress
        count = unsafe owner.bytes.count
    }

    /// What keeps the bytes in memory.
    package var keeper: ByteOwner? { owner }

    /// Copies `bytes` into memory of its own, aligned for every tensor element.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``.
    package init(copying bytes: some Collection<UInt8>) throws(CheckpointError) {
        self.init(
            try unsafe ByteOwner(allocating: bytes.count) { memory in
                unsafe memory.copyBytes(from: bytes)
            })
    }

    /// The bytes of several regions one after another, copied together; one region is not copied.
    ///
    /// - Throws: ``CheckpointError/Code/outOfMemory``;
    ///   ``CheckpointError/Code/numberOutOfRange`` when there are more bytes than can be counted.
    /// - Complexity: O(*n*) in the number of bytes.
    package init(concatenating regions: [ByteRegion]) throws(CheckpointError) {
        if regions.count == 1 {
            self = regions[0]
            return
        }
        var count = 0
        for region in regions { count = try count.addingChecked(region.count) }
        self.init(
            try unsafe ByteOwner(allocating: count) { memory in
                var rest = unsafe memory[...]
                for region in regions {
                    unsafe region.withUnsafeBytes {
                        unsafe UnsafeMutableRawBufferPointer(rebasing: rest).copyMemory(from: $0)
                    }
                    unsafe rest = unsafe rest.dropFirst(region.count)
                }
            })
    }

    private init(owner: ByteOwner?, base: UnsafeRawPointer?, count: Int) {
        self.owner = owner
        unsafe self.base = unsafe base
        self.count = count
    }

    /// The bytes, valid while this region is.
    @inlinable
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let buffer = unsafe UnsafeRawBufferPointer(start: base, count: count)
            return unsafe _overrideLifetime(RawSpan(_unsafeBytes: buffer), borrowing: self)
        }
    }

    /// Calls `body` with the bytes; they must not be used after it returns.
    @inlinable
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { extendLifetime(self) }
        return try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// The part of this region from `offset`, `count` bytes long.
    ///
    /// - Throws: ``CheckpointError/Code/truncated`` when the part is not inside this region.
    package func slice(at offset: Int, count: Int) throws(CheckpointError) -> ByteRegion {
        try Self.check(offset, count, in: self.count)
        return unsafe ByteRegion(owner: owner, base: base.map { unsafe $0 + offset }, count: count)
    }

    /// Checks that a part is inside of so many bytes.
    ///
    /// - Throws: ``CheckpointError/Code/truncated``.
    static func check(_ offset: Int, _ count: Int, in whole: Int) throws(CheckpointError) {
        guard offset >= 0, count >= 0, offset <= whole, count <= whole - offset else {
            throw CheckpointError(
                .truncated,
                "\(count) bytes are needed from byte \(offset), but there are \(whole) in all",
                advice: "The file is probably an incomplete copy; fetch it again")
        }
    }

    /// Whether the first byte's address is a multiple of `alignment`.
    @inlinable
    package func isAligned(to alignment: Int) -> Bool {
        unsafe UInt(bitPattern: base) % UInt(alignment) == 0
    }

    /// What no other bytes have: the address of the first.
    package var identity: UInt { unsafe UInt(bitPattern: base) }

    /// Whether both regions are the same bytes at the same address.
    package func isIdentical(to other: ByteRegion) -> Bool {
        unsafe base == other.base && count == other.count
    }
}

extension ByteRegion {
    /// The byte offset of `part` inside this region, or nil when it lies elsewhere.
    package func offset(of part: ByteRegion) -> Int? {
        guard let start = unsafe base, let partStart = unsafe part.base else { return nil }
        let distance = unsafe partStart - start
        guard distance >= 0, distance <= count - part.count else { return nil }
        return distance
    }

    /// A copy of all bytes.
    package func copyBytes() -> [UInt8] {
        unsafe withUnsafeBytes { unsafe Array($0) }
    }
}
