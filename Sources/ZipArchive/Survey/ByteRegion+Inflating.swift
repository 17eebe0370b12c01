import ByteIO
import CLibdeflate

extension ByteRegion {
    /// How many times its size the best stream of deflate can inflate to.
    static let maximumInflation = 1032

    /// These bytes, inflated without an archive around them.
    ///
    /// - Parameters:
    ///   - claim: The size that they are said to inflate to.
    ///   - maximumByteCount: The most bytes that may come out.
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when there are more, and
    ///   ``CheckpointError/Code/damagedArchive`` when it is no deflated stream of that size.
    func inflated(
        to claim: UInt64, maximumByteCount: Int
    ) throws(CheckpointError) -> ByteRegion {
        let most = count.multipliedCapped(by: Self.maximumInflation)
        guard claim <= UInt64(clamping: min(most, maximumByteCount)) else {
            throw CheckpointError(
                claim > UInt64(most) ? .damagedArchive : .limitExceeded,
                "\(count) bytes are said to inflate to \(claim), at most "
                    + "\(min(most, maximumByteCount)) are taken")
        }
        guard claim > 0 else { return ByteRegion() }
        let owner = try unsafe ByteOwner(allocating: Int(claim)) {
            (memory) throws(CheckpointError) in
            guard unsafe inflate(into: memory) else {
                throw CheckpointError(
                    .damagedArchive, "does not inflate to the \(claim) bytes that are said",
                    advice: "The file is damaged or an incomplete copy; fetch it again")
            }
        }
        return ByteRegion(owner)
    }

    private func inflate(into memory: UnsafeMutableRawBufferPointer) -> Bool {
        guard let decompressor = unsafe libdeflate_alloc_decompressor() else { return false }
        defer { unsafe libdeflate_free_decompressor(decompressor) }
        // Without a place for the size, anything but the whole size is an error.
        let result = unsafe withUnsafeBytes { bytes in
            unsafe libdeflate_deflate_decompress(
                decompressor, bytes.baseAddress, bytes.count, memory.baseAddress, memory.count, nil)
        }
        return result == LIBDEFLATE_SUCCESS
    }
}
