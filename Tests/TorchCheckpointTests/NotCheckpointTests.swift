import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Files that are no checkpoints, or broken ones: each gets a message that names what it is.
@Suite struct NotCheckpointTests {
    static let broken = Fixture.all.filter { $0.format == "broken" }

    /// Files of the folder that can be read: what they would do is not done, so they are harmless.
    static let inert: Set = [
        "not_checkpoints/pickle_os_system.pth", "not_checkpoints/zip_leaving_entry.pth",
    ]

    @Test(arguments: broken)
    func `a broken file is an error that says what to do`(_ fixture: Fixture) throws {
        guard !Self.inert.contains(fixture.name) else {
            _ = try Checkpoint(contentsOf: FilePath(fixture.path)).tensors()
            return
        }
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: FilePath(fixture.path)).tensors()
        }
        #expect(error?.path == fixture.path || error?.record != nil)
        #expect(error?.description.contains("\n") == false)
        #expect(error?.reason.isEmpty == false)
        #expect(error?.advice?.isEmpty == false, "\(error?.reason ?? "")")
    }

    @Test(arguments: [
        ("empty.pth", "is empty", "repeat"),
        ("git_lfs_pointer.pth", "git-lfs pointer", "git lfs pull"),
        ("error_page.pth", "HTML", "address"),
        ("picture.pth", "PNG", "checkpoint"),
        ("safetensors_inside.pth", "safetensors file", "SafetensorsFile"),
        ("gzip.pth", "gzip", "gunzip"),
        ("hdf5.pth", "HDF5", "torch.save"),
        ("gguf.pth", "GGUF", "torch.save"),
        ("json.pth", "JSON", "weights"),
        ("numpy.pth", "numpy array", "torch.save"),
        ("onnx_start.pth", "ONNX", "torch.save"),
        ("text.pth", "not a PyTorch checkpoint", "torch.save"),
        ("zeros.pth", "not a PyTorch checkpoint", "torch.save"),
        ("plain_tar.pth.tar", "tar archive", "torch"),
        ("zip_without_data_pkl.pth", "data.pkl", "torch.save"),
        ("truncated_half.pth", "no directory", "fetch it again"),
        ("truncated_last_byte.pth", "no directory", "fetch it again"),
        ("zip_encrypted.pth", "encrypted", "Decrypt"),
        ("zip_duplicate_names.pth", "twice", "author"),
        ("zip_equal_but_for_case.pth", "look the same", "author"),
        ("zip_overlapping.pth", "names it", "author"),
        ("zip_local_name_differs.pth", "names it", "author"),
        ("tensor_past_storage.pth", "reaches byte", "damaged"),
        ("tensor_missing_record.pth", "no record 'data/", "incomplete"),
    ])
    func `the message names the file and the remedy`(
        _ name: String, _ reason: String, _ advice: String
    ) throws {
        let fixture = try Fixture.named("not_checkpoints/" + name)
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: FilePath(fixture.path)).tensors()
        }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
        #expect(error?.advice?.contains(advice) == true, "\(error?.advice ?? "")")
    }

    @Test func `a folder is named as one`() {
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: FilePath(Repository.root))
        }
        #expect(error?.code == .fileSystem)
        #expect(error?.reason.contains("a folder") == true)
    }

    @Test func `a missing file is named`() {
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: "no/such/file.pth")
        }
        #expect(error?.code == .fileSystem)
        #expect(error?.path == "no/such/file.pth")
    }

    @Test(arguments: [
        ("container_missing_record.pth", CheckpointError.Code.missingRecord),
        ("container_short_record.pth", .invalidStorage),
        ("container_long_record.pth", .invalidStorage),
        ("container_no_root.pth", .unsupportedFormat),
        ("container_outside_root.pth", .unsupportedFormat),
        ("container_two_level_root.pth", .missingRecord),
        ("container_version_11.pth", .unsupportedFormat),
    ])
    func `what torch refuses is refused with a code`(
        _ name: String, _ code: CheckpointError.Code
    ) throws {
        let fixture = try Fixture.named("torch-2.13.0/" + name)
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(contentsOf: FilePath(fixture.path))
        }
        #expect(error?.code == code)
    }
}
