#if FUZZING
    import FuzzTargets

    /// The target that inputs go to. It is set before the first one and not changed.
    private nonisolated(unsafe) var target: FuzzTarget?

    /// Takes the name of the target from libFuzzer's arguments: `fuzz-checkpoint TARGET [options]`.
    @_cdecl("LLVMFuzzerInitialize")
    public func initialize(
        _ count: UnsafeMutablePointer<CInt>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
    ) -> CInt {
        let words = (0..<Int(count.pointee)).compactMap {
            arguments.pointee[$0].map { String(cString: $0) }
        }
        target = chosenTarget(words)
        // The name of the program takes the place of that of the target.
        arguments.pointee[1] = arguments.pointee[0]
        arguments.pointee += 1
        count.pointee -= 1
        return 0
    }

    /// Gives the target one input.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        target?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
    }

    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<CInt>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    ) -> CInt

    // SwiftPM has the linker take this for `main`.
    @_cdecl("fuzz_checkpoint_main")
    public func begin(
        _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    ) -> CInt {
        var count = count
        var arguments = arguments
        return runDriver(&count, &arguments, testOneInput)
    }
#endif
