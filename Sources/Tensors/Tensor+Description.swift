extension Tensor: CustomStringConvertible {
    /// One line without elements, such as `float32 [64, 3, 7, 7] cuda:0 (36.75 KiB)`.
    public var description: String {
        "\(dtype) \(shape) \(device) (\(byteCount.describedAsByteCount))"
    }
}

extension Int {
    /// A number of bytes for people to read: `36.75 KiB`, `512 B`.
    package var describedAsByteCount: String {
        guard magnitude >= 1024 else { return "\(self) B" }
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        let index = (bitWidth - 1 - magnitude.leadingZeroBitCount) / 10 - 1
        // Hundredths, rounded down: 1023.999 MiB is not 1024.00 MiB.
        let parts = self >> (10 * index)
        let hundredths = parts % 1024 * 100 / 1024
        return "\(parts / 1024).\(hundredths < 10 ? "0" : "")\(hundredths) \(units[index])"
    }
}
