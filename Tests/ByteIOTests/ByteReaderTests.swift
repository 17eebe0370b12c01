import ByteIO
import Testing

struct ByteReaderTests {
    private let region: ByteRegion

    init() throws {
        region = try ByteRegion(copying: [1, 2, 3, 4, 5, 0x0A, 0xFF, 0x0A, 0x61] as [UInt8])
    }

    @Test func `reads move the cursor past what they give`() throws {
        var reader = ByteReader(region.bytes)
        #expect(try reader.readByte() == 1)
        #expect(try reader.readLittleEndian(UInt16.self) == 0x0302)
        #expect(try reader.readRange(count: 2) == 3..<5)
        #expect(try reader.readLine() == 5..<5)
        #expect(try reader.readLine() == 6..<7)
        #expect(reader.position == 8)
        #expect(reader.remaining == 1)
    }

    @Test func `integers are little-endian, signed ones in two's complement`() throws {
        let region = try ByteRegion(
            copying: [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] as [UInt8])
        var signed = ByteReader(region.bytes)
        #expect(try signed.readLittleEndian(Int64.self) == -2)
        var unsigned = ByteReader(region.bytes)
        #expect(try unsigned.readLittleEndian(UInt64.self) == .max - 1)
        var narrow = ByteReader(region.bytes)
        #expect(try narrow.readLittleEndian(Int32.self) == -2)
    }

    @Test func `a read of more than remains throws and leaves the cursor`() throws {
        var reader = ByteReader(region.bytes)
        _ = try reader.readRange(count: 8)
        var errors: [CheckpointError] = []
        do throws(CheckpointError) { _ = try reader.readLittleEndian(UInt16.self) } catch {
            errors.append(error)
        }
        do throws(CheckpointError) { _ = try reader.readRange(count: 2) } catch {
            errors.append(error)
        }
        do throws(CheckpointError) { _ = try reader.readRange(count: -1) } catch {
            errors.append(error)
        }
        do throws(CheckpointError) { _ = try reader.readRange(count: .max) } catch {
            errors.append(error)
        }
        do throws(CheckpointError) { _ = try reader.readLine() } catch { errors.append(error) }
        #expect(errors.map(\.code) == Array(repeating: .truncated, count: 5))
        #expect(errors.map(\.offset) == Array(repeating: 8, count: 5))
        #expect(reader.position == 8)
        #expect(try reader.readByte() == 0x61)
        do throws(CheckpointError) { _ = try reader.readByte() } catch { errors.append(error) }
        #expect(errors.count == 6)
    }

    @Test func `nothing can be read of nothing but an empty range`() throws {
        var reader = ByteReader(ByteRegion().bytes)
        #expect(try reader.readRange(count: 0) == 0..<0)
        #expect(reader.remaining == 0)
    }
}

struct CheckpointErrorTests {
    @Test func `the description has the parts that are known, in one line`() {
        let error = CheckpointError(
            .truncated, "8 bytes are needed", offset: 12, advice: "Fetch it again")
        #expect(error.description == "at byte 12: 8 bytes are needed. Fetch it again.")
        let placed = error.inRecord("data.pkl").inFile("/tmp/a.pth").atKeyPath("['fc']")
        #expect(
            placed.description
                == "/tmp/a.pth: data.pkl at byte 12: ['fc']: 8 bytes are needed. Fetch it again.")
        #expect(
            CheckpointError(.truncated, "8 bytes are needed").description == "8 bytes are needed")
        #expect(CheckpointError(.truncated, "is cut").inRecord("a").description == "a: is cut")
    }

    @Test func `the place that is named first stays`() {
        let error = CheckpointError(.truncated, "x", offset: 1).atOffset(2).inFile("a").inFile("b")
            .inRecord("r").inRecord("s").atKeyPath("k").atKeyPath("l")
        #expect(
            error.offset == 1 && error.path == "a" && error.record == "r" && error.keyPath == "k")
        #expect(CheckpointError(.truncated, "x").atOffset(2).offset == 2)
    }

    @Test func `errors are equal when their codes are`() {
        let error = CheckpointError(.truncated, "x", offset: 1)
        #expect(error == CheckpointError(.truncated, "y"))
        #expect(error.hashValue == CheckpointError(.truncated, "y").hashValue)
        #expect(error != CheckpointError(.fileSystem, "x", offset: 1))
        #expect(CheckpointError.Code(rawValue: "truncated") == .truncated)
        #expect(CheckpointError.Code.truncated.description == "truncated")
    }
}
