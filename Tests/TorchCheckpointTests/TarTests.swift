import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Tar archives of torch 0.1: `Specs/archive.md`, "Tar".
@Suite struct TarTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Packs the members of the fixture anew.
    ///
    /// - Parameter python: Has `members`, a list of names and bytes; gives `data`.
    private func repacked(_ python: String) throws -> String {
        let code = """
            import io, sys, tarfile
            with tarfile.open(sys.argv[1]) as tar:
                members = [(m.name, tar.extractfile(m).read()) for m in tar.getmembers()]

            def packed(members, format):
                buffer = io.BytesIO()
                with tarfile.open(fileobj=buffer, mode="w:", format=format) as tar:
                    for name, content in members:
                        info = tarfile.TarInfo(name)
                        info.size = len(content)
                        tar.addfile(info, io.BytesIO(content))
                return buffer.getvalue()

            \(python)
            open(sys.argv[2], "wb").write(data)
            """
        let path = folder.path("repacked")
        let fixture = try Fixture.named("torch-2.13.0/container_tar.pth")
        let outcome = try TorchPython.run(code: code, [fixture.path, path])
        try #require(outcome.status == 0, "\(outcome.error)")
        return path
    }

    @Test(arguments: [
        "data = packed(members, tarfile.USTAR_FORMAT)",
        "data = packed(members, tarfile.GNU_FORMAT)",
        "data = packed([('./' + n, c) for n, c in members], tarfile.GNU_FORMAT)",
        "data = packed([('x' * 300, b'long')] + members, tarfile.GNU_FORMAT)",
        "data = packed([('é' * 300, b'long')] + members, tarfile.PAX_FORMAT)",
        "data = packed(members[::-1], tarfile.PAX_FORMAT)",
        "data = packed(members, tarfile.USTAR_FORMAT).rstrip(b'\\0'); data += bytes(-len(data) % 512)",
    ])
    func `every form of tar is read`(_ python: String) throws {
        let path = try repacked(python)
        #expect(try FileFormat(ofFileAt: FilePath(path)) == .tar)
        let tensors = try Checkpoint(contentsOf: path).tensors().map(\.tensor)
        #expect(
            try tensors.map { try $0.array() as [Float] }
                == [[0, 1, 2, 3, 4, 5], [1, 3, 5], [2, 3, 4]])
        #expect(tensors[0].storage === tensors[1].storage)
        #expect(tensors[2].storage !== tensors[0].storage)
    }

    @Test func `a tar from before POSIX is known by its checksum`() throws {
        let path = try repacked(
            """
            data = bytearray(packed(members, tarfile.USTAR_FORMAT))
            place = 0
            for name, content in members:
                header = data[place:place + 512]
                header[257:512] = bytes(255)
                header[148:156] = b" " * 8
                header[148:156] = b"%06o\\0 " % sum(header)
                data[place:place + 512] = header
                place += 512 + (len(content) + 511) // 512 * 512
            """)
        #expect(try FileFormat(ofFileAt: FilePath(path)) == .tar)
        #expect(try Checkpoint(contentsOf: path).tensors().count == 3)
    }

    @Test(arguments: [
        ("data = packed(members[1:] + members[1:2], tarfile.USTAR_FORMAT)", "duplicateRecord"),
        (
            "data = packed([m for m in members if m[0] != 'tensors'], tarfile.USTAR_FORMAT)",
            "unsupportedFormat"
        ),
        (
            "data = bytearray(packed(members, tarfile.USTAR_FORMAT)); data[0] ^= 1",
            "damagedArchive"
        ),
        (
            "data = packed([(n, c[:-1] if n == 'storages' else c) for n, c in members], 0)",
            "truncated"
        ),
        (
            "data = packed([(n, c[:-1] if n == 'tensors' else c) for n, c in members], 0)",
            "truncated"
        ),
        (
            "data = packed([(n, b'cos\\nsystem\\n0' + c if n == 'storages' else c) "
                + "for n, c in members], 0)", "malformedPickle"
        ),
        (
            "data = packed([(n, c.replace(b'12', b'13') if n == 'pickle' else c) "
                + "for n, c in members], 0)", "missingRecord"
        ),
    ])
    func `a tar that is wrong is refused`(_ python: String, _ code: String) throws {
        let path = try repacked(python)
        let error: CheckpointError? = thrown { _ = try Checkpoint(contentsOf: path) }
        #expect(error?.code.rawValue == code, "\(String(describing: error))")
        #expect(error?.advice?.isEmpty == false)
    }

    @Test func `a tensor that is in two places is one object`() throws {
        let path = try repacked(
            """
            import pickle
            class Number:
                pass
            class Pickler(pickle._Pickler):
                def persistent_id(self, value):
                    return 10 if isinstance(value, Number) else None
            buffer = io.BytesIO()
            Pickler(buffer, 2).dump([Number(), Number()])
            members = [(n, buffer.getvalue() if n == "pickle" else c) for n, c in members]
            data = packed(members, tarfile.USTAR_FORMAT)
            """)
        let checkpoint = try Checkpoint(contentsOf: path)
        #expect(checkpoint[0]?.id == checkpoint[1]?.id)
        #expect(try checkpoint[1]?.tensor().shape == [2, 3])
    }

    @Test func `an edited tar becomes an archive`() throws {
        var checkpoint = try Fixture.named("torch-2.13.0/container_tar.pth").checkpoint()
        try checkpoint.set(2, at: ["epoch"])
        let written = try Checkpoint(bytes: checkpoint.serialized())
        #expect(written.format == .zip)
        #expect(written["epoch"]?.int == 2)
        #expect(try written["view"]?.tensor().array() == [2, 3, 4] as [Float])
    }
}
