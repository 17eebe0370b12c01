import ByteIO

// A view may repeat elements (a stride of 0), so a file of some bytes can claim a tensor of any size.
// Whatever reads all elements comes through here first, so that such a file costs neither memory nor
// time nor disk.

extension Tensor {
    /// The size in bytes up to which elements are always read: 1 GiB.
    ///
    /// See ``maximumExpansion``.
    public static let maximumExpandedByteCount = 1 << 30

    /// How many times the size of its storage a result above ``maximumExpandedByteCount`` may be.
    ///
    /// A larger result is refused with ``CheckpointError/Code/limitExceeded``: no training code saves
    /// such a tensor, but a file that was made to exhaust memory does.
    public static let maximumExpansion = 64

    /// - Throws: ``CheckpointError/Code/limitExceeded`` when a result of `byteCount` bytes is out of
    ///   proportion to the storage.
    func checkResultSize(_ byteCount: Int) throws(CheckpointError) {
        guard byteCount > Self.maximumExpandedByteCount,
            byteCount / Self.maximumExpansion > storage.byteCount
        else { return }
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
}
