import ByteIO
import Safetensors
import TorchCheckpoint

extension FuzzTarget {
    /// A safetensors file is refused, or its tensors can be read and make a checkpoint.
    static let safetensors = FuzzTarget("safetensors") { bytes in
        read(bytes)
        // The length of a header that was changed is wrong; here it is put right.
        let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
        if bytes.first == UInt8(ascii: "{") {
            let length = UInt64(end)
            read(
                (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + bytes[..<end]
                    + bytes[end...].dropFirst())
        }
    }
}

private func read(_ bytes: [UInt8]) {
    guard let region = attempt({ try ByteRegion(copying: bytes) }),
        let file = attempt({ try SafetensorsFile(region) })
    else { return }
    _ = (file.metadata.count, file.standIns.count)
    for tensor in file.tensors.values.prefix(64) { readElements(tensor) }
    guard let checkpoint = attempt({ try Checkpoint(file) }) else { return }
    checkRoundTrips(of: checkpoint)
}
