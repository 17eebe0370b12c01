#if FUZZING
    import FuzzTargets

    /// The target that inputs go to.
    ///
    /// It is set before the first one and not changed.
    private nonisolated(unsafe) var target: FuzzTarget?

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

    /// Lets libFuzzer make inputs: `fuzz-checkpoint TARGET [options and folders of libFuzzer]`.
    ///
    /// SwiftPM has the linker take this for `main`.
    @_cdecl("fuzz_checkpoint_main")
    public func begin(
        _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    ) -> CInt {
        target = chosenTarget(CommandLine.arguments)
        // The name of the program takes the place of that of the target.
        arguments[1] = arguments[0]
        var count = count - 1
        var rest = arguments + 1
        return runDriver(&count, &rest, testOneInput)
    }
#endif
