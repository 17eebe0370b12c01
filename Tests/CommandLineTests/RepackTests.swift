import Foundation
import TestSupport
import Testing

/// `pth convert --repack`: any archive becomes one that torch 2.13 could have written.
@Suite struct RepackTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let names = [
        "torch-2.13.0/container_deflated.pth", "torch-2.13.0/container_unaligned.pth",
        "torch-2.13.0/container_big_endian.pth", "torch-2.13.0/container_protocol_4.pth",
        "torch-2.13.0/container_reordered.pth", "torch-2.13.0/container_other_root.pth",
        "torch-2.13.0/container_trailing_bytes.pth", "torch-2.13.0/container_crc_off.pth",
        "torch-2.13.0/container_no_byteorder.pth", "torch-2.13.0/container_alignment_4096.pth",
        "torch-2.13.0/protocol_5_tensors.pth", "torch-2.13.0/writing_gaps.pth",
        "torch-2.13.0/writing_cuda_training.pth", "torch-1.13.1/training_checkpoint_adam.pth",
        "torch-1.13.1/writing_shared_storages.pth", "torch-2.1.2/training_lightning.pth",
        "torch-2.1.2/view_large_storage.pth", "torch-2.6.0/training_tied_weights.pth",
        "torch-2.6.0/writing_cuda_shared.pth",
    ]

    @Test func `torch maps what was repacked, finds its own layout, and the same inside`() throws {
        var written = WrittenCheckpoints(in: folder)
        var outputs: [String] = []
        for name in Self.names {
            let fixture = try Fixture.named(name)
            let accepted = fixture.row["weightsOnly"]?.bool ?? false
            let output = try written.convert(
                fixture.path, ["--repack"], [], weightsOnly: accepted)
            outputs.append(output)
        }
        try written.check()
        let layouts = try TorchPython.run(code: Self.layoutCheck, outputs)
        #expect(layouts.output == outputs.map { "\($0) True\n" }.joined(), "\(layouts.error)")
    }

    // Tensors are the same in every way of reading; the records are those of torch, where torch has
    // them.
    private static let layoutCheck = """
        import io, sys, torch, zipfile
        sys.path.insert(0, "\(Repository.root)/PythonFixtures")
        from check_written import WAYS, can_read

        def layout(file):
            with zipfile.ZipFile(file) as archive:
                infos = archive.infolist()
                for info in infos:
                    file.seek(info.header_offset + 26)
                    name, extra = file.read(2), file.read(2)
                    start = file.tell() + sum(int.from_bytes(n, "little") for n in (name, extra))
                    if info.filename.split("/")[1] == "data" and start % 64:
                        return None
                return [(info.filename.split("/", 1)[1], info.file_size, info.compress_type)
                        for info in infos if not info.filename.endswith("data.pkl")]

        for path in sys.argv[1:]:
            value, saved = torch.load(path, "cpu", weights_only=True), io.BytesIO()
            torch.save(value, saved)
            with open(path, "rb") as file:
                same = layout(file) == layout(saved) is not None
            print(path, same and all(can_read(path, True, way) for way in WAYS.values()))
        """

    @Test func `repacking twice changes nothing more`() throws {
        let input = Fixture.current("container_deflated.pth")
        let paths = ["a/model.pth", "b/model.pth"].map(folder.path)
        for path in paths {
            try FileManager.default.createDirectory(
                atPath: URL(filePath: path).deletingLastPathComponent().path,
                withIntermediateDirectories: true)
        }
        #expect(try PTHTool.run("convert", input, paths[0], "--repack").status == 0)
        #expect(try PTHTool.run("convert", paths[0], paths[1], "--repack").status == 0)
        let files = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
        #expect(files[0] == files[1])
    }
}
