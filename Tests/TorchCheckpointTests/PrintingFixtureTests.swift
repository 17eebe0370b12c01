import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Printouts against what `str(tensor)` gave in torch.
@Suite struct PrintingFixtureTests {
    @Test func `tensors print as in torch`() throws {
        let folder = Repository.root + "/PythonFixtures/files/torch-2.13.0/"
        let checkpoint = try Checkpoint(contentsOf: FilePath(folder + "printing.pth"))
        let json = try Data(contentsOf: URL(fileURLWithPath: folder + "printing.json"))
        let expected = try JSONDecoder().decode([String: String].self, from: json)
        var count = 0
        for entry in try checkpoint.tensors() {
            guard case .string(let name)? = entry.path.keys.last, let text = expected[name] else {
                continue
            }
            count += 1
            // `Parameter containing:` belongs to the parameter, not to the tensor inside.
            let body =
                text.hasPrefix("Parameter") ? String(text.drop { $0 != "\n" }.dropFirst()) : text
            #expect(try entry.tensor.formatted() == body, "\(name)")
        }
        #expect(count > 100)
    }
}
