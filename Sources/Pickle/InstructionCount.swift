import ByteIO

/// Holds a pickle to a number of instructions without counting each as it is read: so many bytes have
/// no more instructions than that, and when they are read, those in them are counted.
struct InstructionCount {
    private let maximum: Int
    private var counted = 0
    /// The offset of the first instruction that is not counted.
    private var position = 0

    init(maximum: Int) { self.maximum = maximum }

    /// The offset before which the next instructions may begin, of which the first is at `offset`.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded`` when there may be no further one;
    ///   ``CheckpointError/Code/truncated`` when there is none.
    mutating func end(from offset: Int, in bytes: RawSpan) throws(CheckpointError) -> Int {
        guard offset < bytes.byteCount else {
            throw CheckpointError(
                .truncated, "the pickle ends without STOP", offset: offset,
                advice: "The file is probably an incomplete copy; fetch it again")
        }
        try count(upTo: offset, in: bytes)
        guard counted < maximum else {
            throw PickleLimits.exceeded(
                "the pickle has \(counted + 1) instructions or more", "instructions", maximum
            ).atOffset(offset)
        }
        return min(bytes.byteCount, offset.addingCapped(maximum - counted))
    }

    private mutating func count(upTo offset: Int, in bytes: RawSpan) throws(CheckpointError) {
        let read = bytes.extracting(position..<offset)
        var reader = InstructionReader(read)
        while reader.position < read.byteCount {
            _ = try reader.nextOfAnyFrame()
            counted += 1
        }
        position = offset
    }
}
