import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Checkpoints made in Swift from nothing: the bytes that torch writes of the same.
@Suite struct BuiltTests {
    @Test func `there are enough cases`() { #expect(BuiltCase.all.count >= 90) }

    @Test(arguments: BuiltCase.all)
    func `what is made in Swift has the bytes that torch writes`(_ built: BuiltCase) throws {
        let folder = try TemporaryFolder()
        let path = folder.path(built.name + ".pth")
        try built.checkpoint().write(to: path, options: built.options())
        let written = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(try written == built.expected)
    }
}
