import TestSupport
import Testing
import TorchCheckpoint

@Suite struct GlobalPolicyTests {
    @Test(arguments: Fixture.readable("zip"))
    func `weightsOnly accepts the names that torch accepts`(_ fixture: Fixture) throws {
        let names = try Checkpoint(contentsOf: FilePath(fixture.path)).graph.globalNames
        let isAccepted = names.allSatisfy(GlobalPolicy.weightsOnly.accepts)
        if fixture.row["weightsOnly"]?.bool == true {
            #expect(isAccepted)
        } else if fixture.row["weightsOnlyError"]?.string?.contains("Unsupported global") == true {
            #expect(!isAccepted)
        }
    }

    @Test func `a refusal lists the names and the way out`() throws {
        let fixture = try Fixture.named("not_checkpoints/pickle_os_system.pth")
        let path = FilePath(fixture.path)
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: path, options: LoadOptions(globals: .weightsOnly))
        }
        #expect(error?.code == .forbiddenGlobal)
        #expect(error?.reason.contains("system") == true)
        #expect(error?.advice?.contains("adding") == true)
    }

    @Test func `added names are accepted, also to the inert policy`() {
        let name = GlobalName(module: "argparse", name: "Namespace")
        #expect(!GlobalPolicy.weightsOnly.accepts(name))
        #expect(GlobalPolicy.weightsOnly.adding("argparse.Namespace").accepts(name))
        #expect(GlobalPolicy.inert.adding("x.y").accepts(name))
    }

    @Test func `names of Python 2 count as those of Python 3`() {
        #expect(GlobalPolicy.weightsOnly.accepts(GlobalName(module: "__builtin__", name: "set")))
        #expect(!GlobalPolicy.weightsOnly.accepts(GlobalName(module: "__builtin__", name: "eval")))
    }
}
