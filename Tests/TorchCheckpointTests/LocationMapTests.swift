import TestSupport
import Testing
import TorchCheckpoint

@Suite struct LocationMapTests {
    private static let tags = ["cpu", "cuda:0", "cuda:1", "cuda", "xpu:0"]

    private func results(_ map: LocationMap) -> [String] {
        Self.tags.map { map(Device(rawValue: $0)).rawValue }
    }

    @Test func `the first rule that fits a device counts`() {
        let cuda = Device(rawValue: "cuda")
        #expect(
            results(.rules([(from: .cuda(1), to: .cpu)]))
                == ["cpu", "cuda:0", "cpu", "cuda", "xpu:0"])
        #expect(
            results(.rules([(from: cuda, to: .cpu)])) == ["cpu", "cpu", "cpu", "cpu", "xpu:0"])
        #expect(
            results(.rules([(.cuda(0), .mps), (cuda, .cpu)]))
                == ["cpu", "mps", "cpu", "cpu", "xpu:0"])
        #expect(
            results(.rules([(.cuda(0), .cuda(0)), (nil, .cpu)]))
                == ["cpu", "cuda:0", "cpu", "cpu", "cpu"])
        #expect(results(.rules([(nil, .mps), (cuda, .cpu)])) == Array(repeating: "mps", count: 5))
    }

    @Test func `a rule is used once, not again on its result`() {
        #expect(
            results(.rules([(.cuda(0), .cuda(1)), (.cuda(1), .cpu)]))
                == ["cpu", "cuda:1", "cpu", "cuda", "xpu:0"])
    }

    @Test func `a rule that fits nothing changes nothing`() throws {
        #expect(results(.rules([])) == Self.tags)
        #expect(results(.rules([(.cuda(7), .cpu)])) == Self.tags)
        let fixture = try Fixture.named("torch-2.13.0/device_mixed.pth")
        let options = SaveOptions(mapLocation: .rules([(.cuda(7), .cpu)]))
        #expect(try fixture.checkpoint().serialized(options: options) == fixture.bytes())
    }
}
