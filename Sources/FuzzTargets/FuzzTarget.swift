/// A promise of the library that is held against any bytes.
///
/// `Specs/fuzzing.md` says what each one promises. ``all`` is the list that `fuzz-checkpoint`,
/// `Scripts/fuzz` and the tests of regressions go by.
public struct FuzzTarget: Sendable {
    /// The name on the command line, and of the folder of its regressions.
    public let name: String
    /// Takes any bytes and returns; ends the process when a promise is broken.
    public let run: @Sendable ([UInt8]) -> Void

    init(_ name: String, _ run: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.run = run
    }

    /// Every target.
    public static let all: [FuzzTarget] = [
        archive, pickle, tensors, checkpoint, legacy, tar, safetensors, roundtrip, scan, repeated,
    ]
}
