import TestSupport
import Testing
import TorchCheckpoint

/// The modules of `PythonFixtures/hostile_modules.py`.
@Suite struct HostileModuleTests {
    private static let folder = Result {
        let folder = try TemporaryFolder()
        let outcome = try TorchPython.run(script: "hostile_modules.py", [folder.path])
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
        return folder
    }

    private func open(_ name: String) throws -> Checkpoint {
        try Checkpoint(contentsOf: Self.folder.get().path(name + ".pt"))
    }

    private static let refused: [(String, CheckpointError.Code)] = [
        ("inside_itself", .limitExceeded), ("deep", .limitExceeded), ("doubling", .limitExceeded),
        ("sharing_fields", .limitExceeded), ("number_as_name", .typeMismatch),
        ("text_as_module", .typeMismatch), ("list_as_parameters", .typeMismatch),
        ("number_as_parameter", .typeMismatch), ("number_as_set", .typeMismatch),
        ("list_as_state", .typeMismatch), ("unpackable", .typeMismatch),
        ("convolution", .typeMismatch), ("sparse", .typeMismatch),
        ("same_forms", .duplicateName),
    ]

    @Test(arguments: refused)
    func `what is no tree of modules is refused`(
        _ name: String, _ code: CheckpointError.Code
    ) throws {
        let checkpoint = try open(name)
        for read in [
            { _ = try checkpoint.stateDict() }, { _ = try checkpoint.safetensorsContents() },
            { _ = try checkpoint.extractingWeights() }, { _ = try checkpoint.replacingModules() },
        ] {
            let error = thrown(CheckpointError.self, read)
            #expect(error?.code == code, "\(name): \(error?.description ?? "")")
            #expect(error?.offset != nil || code == .duplicateName)
        }
    }

    @Test(arguments: [
        ("less_deep", 301), ("less_doubling", 511), ("less_sharing_fields", 31),
        ("long_names", 41), ("reconstructed", 2),
    ])
    func `what is a tree of modules is read`(_ name: String, _ count: Int) throws {
        let checkpoint = try open(name)
        #expect(try checkpoint.stateDict().metadata?.count == count)
        #expect(try checkpoint.stateDictPaths() == [[]])
        #expect(try checkpoint.extractingWeights().leftOut.isEmpty)
    }

    @Test func `the class of a reconstructed object is what it is made as`() throws {
        #expect(try "\(open("reconstructed").root.typeName)" == "models.Net")
    }
}
