import ByteIO
import TestSupport
import Testing

@testable import ZipArchive

@Suite struct SurveyTests {
    private static let writer = ZipWriter([
        .stored("a/data.pkl", [1, 2, 3]), .stored("a/data/0", [4, 5, 6, 7]),
    ])

    private func survey(_ bytes: [UInt8]) throws -> ZipSurvey {
        ZipSurvey(try ByteRegion(copying: bytes))
    }

    private func kinds(_ survey: ZipSurvey) -> [SurveyOddity.Kind] { survey.oddities.map(\.kind) }

    @Test func `an archive that means one thing has nothing odd`() throws {
        let bytes = Self.writer.bytes()
        let survey = try survey(bytes)
        #expect(survey.oddities.isEmpty && survey.gaps.isEmpty)
        #expect(survey.prefix.isEmpty && survey.trailer.isEmpty)
        #expect(survey.entries.map(\.name) == ["a/data.pkl", "a/data/0"])
        #expect(survey.entries.map { Array(bytes[$0.data]) } == [[1, 2, 3], [4, 5, 6, 7]])
    }

    @Test func `every archive of torch has nothing odd`() throws {
        let files = Fixture.all.filter { $0.format == "zip" && $0.name.contains("/values_") }
        #expect(files.count > 20)
        for file in files {
            let survey = try survey(file.bytes())
            #expect(survey.oddities.isEmpty && survey.gaps.isEmpty, "\(file)")
        }
    }

    @Test(arguments: Damage.all)
    func `what is refused is odd, and the entries are there all the same`(
        _ damage: Damage
    ) throws {
        var writer = ZipWriter([.stored("a/x", [1, 2]), .stored("a/y", [3, 4, 5])])
        damage.apply(&writer)
        let survey = try survey(writer.bytes())
        let isTold = !survey.oddities.isEmpty || !survey.asides.isEmpty
        #expect(isTold || damage.code == .damagedArchive)
    }

    @Test func `bytes before and behind an archive are told, and its entries found`() throws {
        let bytes = Self.writer.bytes()
        let survey = try survey([9, 9, 9] + bytes + [8, 8])
        #expect(survey.prefix == 0..<3)
        #expect(survey.trailer == (bytes.count + 3)..<(bytes.count + 5))
        #expect(survey.entries.map(\.name) == ["a/data.pkl", "a/data/0"])
        #expect(survey.entries[0].data.count == 3)
    }

    @Test func `headers that share their bytes are looked at for a while only`() throws {
        let header: [UInt8] =
            [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [0xFF, 0xFF, 0, 0]
        let bytes = (0..<3000).flatMap { _ in header } + [UInt8](repeating: 0x61, count: 70_000)
        let survey = try survey(bytes)
        #expect(survey.oddities.contains { $0.kind == .limit })
        #expect(survey.entries.count < 300)
        #expect(survey.entries.allSatisfy { $0.name.unicodeScalars.count <= 4096 })
    }

    @Test func `that there is more is told behind a thousand other things`() throws {
        let entries = (0..<3000).map { _ in ZipWriter.Entry.stored("a/x", []) }
        let bytes = ZipWriter(entries).bytes()
        let region = try ByteRegion(copying: bytes)
        let survey = ZipSurvey(region, limits: ZipLimits(entries: 2500))
        #expect(survey.oddities.count <= ZipSurvey.maximumOddityCount + 1)
        #expect(kinds(survey).contains(.limit))
        let unlisted = ZipSurvey(
            try ByteRegion(copying: Array(bytes.prefix(40_000))), limits: ZipLimits(entries: 1100))
        #expect(kinds(unlisted).last == .limit)
    }

    @Test func `end records of one directory make it no more than one`() throws {
        let bytes = Self.writer.bytes()
        let end = Array(bytes.suffix(22))
        let survey = try survey(bytes + end + end + end)
        #expect(survey.entries.count == 2)
    }

    @Test func `an entry that is in no directory is found`() throws {
        var writer = Self.writer
        let hidden = ZipWriter([.stored("a/hidden", [7, 7])]).bytes()
        // The local header and contents, without directory and end.
        let local = Array(hidden.prefix(30 + 8 + 2))
        writer.gap = local
        let survey = try survey(writer.bytes())
        #expect(kinds(survey).contains(.unlisted))
        let entry = try #require(survey.entries.last)
        #expect(entry.origin == .unlisted && entry.name == "a/hidden")
        let region = try ByteRegion(copying: writer.bytes())
        #expect(
            try entry.contents(in: region, method: 0, maximumByteCount: 8).copyBytes() == [7, 7])
    }

    @Test(arguments: ["/a/x", "a/../x", "..", "a\\x", "C:/x"])
    func `a name that leads elsewhere is told`(_ name: String) throws {
        let survey = try survey(ZipWriter([.stored(name, [1])]).bytes())
        #expect(kinds(survey) == [.unsafePath])
    }

    @Test(arguments: ["a/x", "a/..x", "a.b/c..d", "aC:/x"])
    func `a name that stays inside is not`(_ name: String) throws {
        #expect(try survey(ZipWriter([.stored(name, [1])]).bytes()).oddities.isEmpty)
    }

    @Test func `a deflated entry inflates up to the limit`() throws {
        let writer = ZipWriter([.deflated("a/x")])
        let region = try ByteRegion(copying: writer.bytes())
        let entry = try #require(ZipSurvey(region).entries.first)
        let whole = ZipWriter.inflatedBytes
        #expect(
            try entry.contents(in: region, method: 8, maximumByteCount: whole.count).copyBytes()
                == whole)
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try entry.contents(in: region, method: 8, maximumByteCount: whole.count - 1)
        }
    }

    @Test func `thousands of end records take no time`() throws {
        let record: [UInt8] = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)
        let bytes = Self.writer.bytes() + (0..<6000).flatMap { _ in record }
        let survey = try survey(bytes)
        #expect(survey.entries.count == 2)
    }
}
