import ByteIO
import Foundation
import TestSupport
import Testing
import TorchCheckpoint
import ZipArchive

/// Modules of `torch.jit.save`.
@Suite struct TorchScriptTests {
    @Test func `a module has the state dict that torch has of it`() throws {
        for row in try ProgramCases.all("script") {
            let checkpoint = try row.checkpoint()
            #expect(checkpoint.format == .torchscript)
            try checkpoint.stateDict().expectSame(as: row.expected(), row.file)
        }
    }

    @Test func `a submodule has the state dict that torch has of it`() throws {
        var count = 0
        for row in try ProgramCases.all("script") {
            let checkpoint = try row.checkpoint()
            for part in row.row["submodules"]?.array?.compactMap(\.string) ?? [] {
                let keys = part.split(separator: ".").map { CheckpointKey.string(String($0)) }
                // What a __getstate__ of the module's own saves has other names.
                guard checkpoint[CheckpointPath(keys)] != nil else { continue }
                try checkpoint.stateDict(at: CheckpointPath(keys)).expectSame(
                    as: row.expected(part), "\(row.file): \(part)")
                count += 1
            }
        }
        #expect(count > 50)
    }

    @Test func `without code every attribute that is a tensor counts`() throws {
        let fixture = try ProgramCases.named("nested.pt")
        let stateDict = try fixture.checkpoint().stateDict("first")
        #expect(stateDict.names == ["weight", "frozen", "count", "passing"])
        let bytes = try withoutCode(fixture.bytes())
        let names = try Checkpoint(bytes: bytes).stateDict("first").names
        #expect(Set(names) == ["weight", "frozen", "count", "passing", "plain"])
        #expect(names.first == "weight")
    }

    private func withoutCode(_ bytes: [UInt8]) throws -> [UInt8] {
        let archive = try ZipArchive(ByteRegion(copying: bytes))
        var writer = ZipArchiveWriter(MemorySink())
        for entry in archive.entries where !entry.name.contains("/code/") {
            let contents = try ByteRegion(copying: archive.contents(of: entry).copyBytes())
            try writer.write(entry.name, contents.bytes)
        }
        return try writer.finish().bytes
    }

    @Test func `what is no module has no state dict`() throws {
        let checkpoint = try ProgramCases.named("nested.pt").checkpoint()
        for key in ["training", "view"] {
            let error = thrown(CheckpointError.self) { _ = try checkpoint.stateDict(key) }
            #expect(error?.code == .typeMismatch, "\(key)")
        }
    }

    @Test func `lists and dictionaries of attributes are read as such`() throws {
        let part = try #require(ProgramCases.named("nested.pt").checkpoint()["first"])
        #expect(part["integers"]?.kind == .list)
        #expect(part["integers"]?.array?.map(\.int) == [1, 2, 3])
        #expect(part["integers"]?[2]?.int == 3)
        #expect(part["floats"]?.array?.map(\.double) == [1, 2])
        #expect(part["flags"]?.array?.map(\.bool) == [true, false])
        #expect(part["texts"]?.array?.map(\.string) == ["a", "b"])
        #expect(
            try part["tensors"]?.array?.map { try $0.tensor().array(of: Float.self) } == [[1], [0]])
        #expect(part["table"]?.kind == .dictionary)
        #expect(part["table"]?["a"]?.int == 1)
        #expect(part["table"]?.typeName.description == "builtins.dict")
        #expect(part["integers"]?.typeName.description == "builtins.list")
    }

    @Test func `constants are torch's and not in the state dict`() throws {
        let row = try ProgramCases.named("frozen.pt")
        let checkpoint = try row.checkpoint()
        #expect(try checkpoint.stateDict().count == 0)
        let expected = try Checkpoint(contentsOf: row.folder.path("frozen.pt.constants.pth"))
        let constants = try #require(checkpoint.torchScript?.constants?.array)
        #expect(constants.count > 5 && constants.count == expected.root.count)
        for (constant, other) in try zip(constants, #require(expected.root.array)) {
            let (found, tensor) = try (constant.tensor(), other.tensor())
            #expect(found.dtype == tensor.dtype && found.shape == tensor.shape)
            #expect(try found.rowMajorBytes() == tensor.rowMajorBytes())
        }
        let paths = try checkpoint.constantTensors().map(\.path)
        #expect(paths.first == CheckpointPath(["<constants>", 0]))
        #expect(paths.count == constants.count)
        #expect(
            try Checkpoint(contentsOf: Fixture.path("torch-2.13.0/container_path.pth")).constants
                == nil)
    }

    @Test func `code and extra files can be read`() throws {
        let row = try ProgramCases.named("extra.pt")
        let script = try #require(try row.checkpoint().torchScript)
        #expect(script.codeNames.count == 1)
        let name = try #require(script.codeNames.first)
        #expect(name.hasPrefix("__torch__/torch/nn/modules/linear") && name.hasSuffix(".py"))
        #expect(try script.code(named: name).hasPrefix("class Linear(Module):\n"))
        #expect(script.extraFileNames == ["notes.txt"])
        #expect(try script.extraFile(named: "notes.txt") == Array("hello".utf8))
        let error = thrown(CheckpointError.self) { _ = try script.code(named: "missing.py") }
        #expect(error?.code == .missingRecord)
        #expect(script.producer == nil)
    }

    @Test func `a part is taken out as a checkpoint of torch.save`() throws {
        let checkpoint = try ProgramCases.named("nested.pt").checkpoint()
        let part = try checkpoint.extracting(at: ["first"])
        let read = try Checkpoint(bytes: part.serialized())
        #expect(read.format == .zip)
        try read.stateDict().expectSame(as: checkpoint.stateDict("first"), "first")
        let tensor = try Checkpoint(bytes: checkpoint.extracting(at: ["view"]).serialized())
        #expect(try tensor.root.tensor().shape == [3, 3])
        let list = try Checkpoint(
            bytes: checkpoint.extracting(at: ["first", "tensors"]).serialized())
        #expect(list.root.kind == .list && list.root.count == 2)
        #expect(
            try checkpoint.extracting(at: []).serialized(options: SaveOptions(globals: .inert))
                == checkpoint.serialized(options: SaveOptions(globals: .inert)))
    }

    @Test func `a safetensors file gets the names of the state dict`() throws {
        let checkpoint = try ProgramCases.named("training.pt").checkpoint()
        #expect(
            try checkpoint.safetensorsContents().tensors.keys.elementsEqual(
                checkpoint.stateDict().names))
        #expect(try checkpoint.safetensorsContents(at: ["body"]).tensors.keys.first == "0.weight")
        let error = thrown(CheckpointError.self) {
            _ = try ProgramCases.named("frozen.pt").checkpoint().safetensorsContents()
        }
        #expect(error?.code == .keyNotFound)
    }
}

/// Archives that hold programs, as files.
@Suite struct ProgramFileTests {
    @Test func `an unedited program is copied byte for byte`() throws {
        let options = SaveOptions(globals: .inert)
        for row in try ProgramCases.all() {
            let checkpoint = try row.checkpoint()
            let bytes = try checkpoint.serialized(options: options)
            #expect(try row.bytes() == bytes, "\(row)")
        }
    }

    @Test func `an edited program is refused and its state dict is not`() throws {
        for row in try ProgramCases.all() {
            var checkpoint = try row.checkpoint()
            let stateDict = try checkpoint.stateDict()
            try checkpoint.set(checkpoint.root, at: [])
            let error = thrown(CheckpointError.self) {
                _ = try checkpoint.serialized(options: SaveOptions(globals: .inert))
            }
            #expect(error?.code == .unsupportedFormat, "\(row)")
            let saved = try Checkpoint(bytes: Checkpoint(stateDict).serialized())
            try saved.stateDict().expectSame(as: stateDict, row.file)
        }
    }

    @Test func `what is broken is an error when it is opened`() throws {
        let (folder, files) = try ProgramCases.broken()
        #expect(Set(files) == Set(Self.codes.keys))
        for file in files {
            let error = thrown(CheckpointError.self) {
                _ = try Checkpoint(contentsOf: folder.path(file))
            }
            #expect(error?.code == Self.codes[file], "\(file): \(error.map { "\($0)" } ?? "read")")
            #expect(error?.reason.isEmpty == false)
        }
    }

    private static let codes: [String: CheckpointError.Code] = [
        "export_no_json.pt2": .malformedJSON, "export_list.pt2": .malformedJSON,
        "export_deep.pt2": .malformedJSON, "export_outside.pt2": .invalidTensor,
        "export_negative.pt2": .invalidTensor, "export_huge.pt2": .numberOutOfRange,
        "export_rank.pt2": .invalidTensor, "export_dtype.pt2": .malformedJSON,
        "export_layout.pt2": .malformedJSON, "export_missing.pt2": .missingRecord,
        "export_not_pickle.pt2": .damagedArchive, "export_fraction.pt2": .malformedJSON,
        "export_no_model.pt2": .unsupportedFormat,
        "old_no_json.pt": .malformedJSON, "old_behind.pt": .malformedJSON,
        "old_deep.pt": .malformedJSON,
        "old_surrogate.pt": .malformedJSON, "old_no_module.pt": .malformedJSON,
        "old_number.pt": .malformedJSON, "old_new.pt": .unsupportedFormat,
        "old_outside.pt": .invalidTensor, "old_overflow.pt": .numberOutOfRange,
        "old_number_range.pt": .malformedJSON, "old_negative.pt": .invalidTensor,
        "old_rank.pt": .invalidTensor, "old_type.pt": .malformedJSON,
        "old_record.pt": .missingRecord, "old_device.pt": .invalidStorage,
        "old_no_device.pt": .malformedJSON, "old_quantized.pt": .unsupportedDType,
        "old_tensor_id.pt": .malformedJSON, "old_tensor_id_negative.pt": .malformedJSON,
        "old_names.pt": .duplicateName, "old_attribute.pt": .malformedJSON,
        "old_attribute_list.pt": .malformedPickle, "old_attribute_tensor.pt": .invalidTensor,
        "old_attribute_storage.pt": .invalidStorage,
        "constants_no_pickle.pt": .unknownOpcode, "constants_missing.pt": .missingRecord,
        "constants_short.pt": .invalidStorage, "constants_id.pt": .invalidStorage,
    ]
}

/// Modules of 2019, and programs of `torch.export.save`.
@Suite struct DescribedProgramTests {
    @Test func `an exported program has the state dict that torch has of it`() throws {
        for row in try ProgramCases.all("export") {
            let checkpoint = try row.checkpoint()
            #expect(checkpoint.format == .zip)
            let (found, expected) = try (checkpoint.stateDict(), row.expected())
            try found.expectSame(as: expected, row.file)
            for (name, tensor) in expected {
                #expect(try found.tensor(name).isParameter == tensor.isParameter, "\(row): \(name)")
                #expect(
                    try found.tensor(name).requiresGrad == tensor.requiresGrad, "\(row): \(name)")
            }
            #expect(
                try found.tensor("weight").storage === found.tensor("layer.weight").storage,
                "\(row)")
        }
    }

    @Test func `an exported program has the constants that torch has of it`() throws {
        for row in try ProgramCases.all("export") {
            let constants = try Checkpoint(#require(row.checkpoint().constants)).stateDict()
            try constants.expectSame(as: row.expected("constants"), row.file)
            #expect(constants.count == 2)
            #expect(try row.checkpoint().torchScript == nil)
        }
    }

    @Test func `a module of 2019 has the state dict of the module that was saved`() throws {
        for row in try ProgramCases.all("old") {
            let checkpoint = try row.checkpoint()
            #expect(checkpoint.format == .torchscript)
            #expect(checkpoint.torchScript?.producer == "pytorch 1.0")
            let (found, expected) = try (checkpoint.stateDict(), row.expected())
            try found.expectSame(as: expected, row.file)
            #expect(try found.tensor("weight").storage === found.tensor("first.weight").storage)
            try checkpoint.stateDict("body").expectSame(
                as: expected.subset(withPrefix: "body."), "\(row): body")
        }
    }

    @Test func `attributes of 2019 are beside the state dict`() throws {
        let checkpoint = try ProgramCases.named("old_attributes.pt").checkpoint()
        let attributes = try #require(checkpoint["<attributes>"])
        #expect(attributes["integers"]?.array?.map(\.int) == [1, 2, 3])
        #expect(attributes["number"]?.double == 2.5)
        #expect(attributes["nothing"]?.isNone == true)
        #expect(attributes["steps"] == nil)
        let tensor = try #require(try attributes["tensor"]?.tensor())
        #expect(tensor.storage === (try checkpoint.stateDict().tensor("first.weight").storage))
        #expect(try ProgramCases.named("old.pt").checkpoint()["<attributes>"] == nil)
    }

    @Test func `devices are mapped in programs, too`() throws {
        for file in ["export.pt2", "old.pt", "nested.pt", "frozen.pt"] {
            let options = LoadOptions(mapLocation: .device(.cuda(1)))
            let checkpoint = try Checkpoint(
                contentsOf: ProgramCases.named(file).path, options: options)
            let tensors = try checkpoint.tensorValues() + checkpoint.constantTensors()
            #expect(!tensors.isEmpty && tensors.allSatisfy { $0.value.device == .cuda(1) })
        }
    }
}
