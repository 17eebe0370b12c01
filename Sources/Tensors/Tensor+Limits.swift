package import ByteIO

// A view may repeat elements (a stride of 0), so a file of some bytes can claim a tensor of any
// size. Whatever reads all elements comes through here first, so that such a file costs neither
// memory nor time nor disk.

extension Tensor {
    /// The size in bytes up to which elements are always read: 1 GiB.
    ///
    /// See ``maximumExpansion``.
    public static let maximumExpandedByteCount = 1 << 30

    /// How many times the size of its storage a result above ``maximumExpandedByteCount`` may be.
    ///
    /// A larger result is refused with ``CheckpointError/Code/limitExceeded``: no training code
    /// saves such a tensor, but a file that was made to exhaust memory does.
    public static let maximumExpansion = 64

    /// - Throws: ``CheckpointError/Code/limitExceeded`` when a result of `byteCount` bytes is out
    ///   of proportion to the storage.
    func checkResultSize(_ byteCount: Int) throws(CheckpointError) {
        guard storage.hasData else { throw .noData }
        guard Self.isOutOfProportion(byteCount, to: storage.byteCount, storage.byteCount) else {
            return
        }
        throw CheckpointError(
            .limitExceeded,
            "a tensor of shape \(shape) takes \(byteCount) bytes when its elements are written out, "
                + "but its storage has \(storage.byteCount)",
            advice: "The file may have been made to exhaust memory")
    }

    /// The size in bytes of the elements as values of another size, checked like a result.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``, ``CheckpointError/Code/numberOutOfRange``.
    func checkResultSize(itemSize: Int) throws(CheckpointError) {
        try checkResultSize(elementCount.multipliedChecked(by: itemSize))
    }

    /// Checks that writing out all of these tensors makes a result in proportion to what they
    /// share.
    ///
    /// Each may stay below its own limit, and a thousand of them not. Bytes that several tensors
    /// are views of count once, and deflated ones as they are in the file.
    ///
    /// - Parameters:
    ///   - tensors: The tensors.
    ///   - free: The size up to which any result is in proportion.
    /// - Throws: ``CheckpointError/Code/limitExceeded``; ``CheckpointError/Code/numberOutOfRange``
    ///   when a sum overflows.
    /// - Complexity: O(*n*), where *n* is the number of tensors.
    package static func checkTotalSize(
        of tensors: some Sequence<Tensor>, free: Int = maximumExpandedByteCount
    ) throws(CheckpointError) {
        var result = 0
        for tensor in tensors where tensor.hasData {
            result = try result.addingChecked(tensor.byteCount)
        }
        try checkTotalSize(result, of: tensors, free: free)
    }

    /// Checks that a result of `result` bytes is in proportion to what the tensors share that it is
    /// made of.
    ///
    /// - Parameters:
    ///   - result: The size of what is made.
    ///   - tensors: What it is made of.
    ///   - free: The size up to which any result is in proportion.
    /// - Throws: as ``checkTotalSize(of:)``.
    /// - Complexity: O(*n*), where *n* is the number of tensors.
    package static func checkTotalSize(
        _ result: Int, of tensors: some Sequence<Tensor>, free: Int = maximumExpandedByteCount
    ) throws(CheckpointError) {
        var (stored, inflated) = (0, 0)
        var storages: Set<UInt> = []
        for tensor in tensors where tensor.hasData {
            guard storages.insert(tensor.storage.bytesIdentity).inserted else { continue }
            stored = try stored.addingChecked(tensor.storage.storedByteCount)
            inflated = try inflated.addingChecked(tensor.storage.byteCount)
        }
        guard isOutOfProportion(result, to: stored, inflated, free: free) else { return }
        throw CheckpointError(
            .limitExceeded,
            "the tensors take \(result) bytes when their elements are written out, but their "
                + "\(storages.count) storages have \(stored)",
            advice: "The file may have been made to exhaust memory")
    }

    /// Whether a result is neither small, nor in proportion to what is stored, nor simply all of
    /// what that inflates to, which the limits of archives allow.
    private static func isOutOfProportion(
        _ byteCount: Int, to stored: Int, _ inflated: Int, free: Int = maximumExpandedByteCount
    ) -> Bool {
        byteCount > free && byteCount > inflated
            && byteCount > stored.multipliedCapped(by: maximumExpansion)
    }
}
