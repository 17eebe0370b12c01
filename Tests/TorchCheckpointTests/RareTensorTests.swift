import TestSupport
import Testing
import TorchCheckpoint

/// Forms of tensors that only old or unusual programs write, as files that torch reads too.
@Suite struct RareTensorTests {
    private static let written = Result {
        let folder = try TemporaryFolder()
        let outcome = try TorchPython.run(code: code, [folder.path])
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
        return folder
    }

    /// Writes the files, and checks that torch reads what the tests expect.
    private static let code = """
        import io, sys, types, zipfile, numpy, torch
        folder, utils = sys.argv[1], torch._utils
        made = types.ModuleType("made")
        sys.modules["made"] = made

        class Call:
            def __init__(self, function, *arguments): self.parts = function, arguments
            def __reduce__(self): return self.parts

        class Wrapper(torch.Tensor):
            @classmethod
            def __torch_dispatch__(cls, *arguments): raise RuntimeError
        Wrapper.__module__, made.Wrapper = "made", Wrapper

        noted = torch.arange(2.0)
        noted.note = "kept"
        file = io.BytesIO()
        torch.save({"noted": noted}, file)
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(folder + "/renamed.pth", "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(b"torch._tensor", b"torch.tensor"))
        assert torch.load(folder + "/renamed.pth", weights_only=False)["noted"].note == "kept"
        try:
            torch.load(folder + "/renamed.pth", weights_only=True)
            sys.exit("weights_only takes torch.tensor")
        except Exception as error:
            assert "torch.tensor._rebuild_from_type_v2" in str(error)

        def listed(scheme, zeros):
            data = torch._empty_affine_quantized((2, 2), scale=1.0, zero_point=0, dtype=torch.quint8)
            torch.ops.aten.fill_(data, 3.0)
            return Call(utils._rebuild_qtensor, data.storage(), 0, (2, 2), (2, 1),
                        (scheme, [0.5, 0.1], zeros, 0), False, {})
        torch.save({"affine": listed(torch.per_channel_affine, [1, 2]),
                    "float": listed(torch.per_channel_affine_float_qparams, [0.5, 2])},
                   folder + "/listed.pth")
        loaded = torch.load(folder + "/listed.pth", weights_only=False)
        assert loaded["affine"].q_per_channel_scales().tolist() == [0.5, 0.1]
        torch.save({"bad": listed(torch.per_channel_affine, [1, "two"])}, folder + "/bad_list.pth")

        def empty(count):
            return Call(utils._rebuild_sparse_tensor, torch.sparse_coo,
                        (torch.zeros(2, count, dtype=torch.int64), torch.ones(count), torch.Size((2, 3))))
        torch.save({str(count): empty(count) for count in range(3)}, folder + "/coalesced.pth")
        loaded = torch.load(folder + "/coalesced.pth")
        assert [loaded[str(count)].is_coalesced() for count in range(3)] == [True, True, False]

        cuda, data = torch.device("cuda", 1), numpy.array([0.1, 1.0], dtype=numpy.float32)
        wrapper = Wrapper._make_wrapper_subclass(Wrapper, (2,), dtype=torch.float32, device=cuda)
        wrapper.inner = torch.arange(2.0)
        torch.save({
            "wrapper": wrapper,
            "numpy": Call(utils._rebuild_device_tensor_from_numpy, data, torch.float32, "cuda:1", False),
            "narrow": Call(utils._rebuild_device_tensor_from_numpy, data, torch.bfloat16, "cpu", False),
            "cpu": Call(utils._rebuild_device_tensor_from_cpu_tensor, torch.tensor([0.1]),
                        torch.float64, "cuda:1", True),
            "meta": torch.empty(2, device="meta"),
        }, folder + "/devices.pth")
        loaded = torch.load(folder + "/devices.pth", map_location="cpu", weights_only=False)
        for name, dtype in (("wrapper", "float32"), ("narrow", "bfloat16"), ("cpu", "float64")):
            assert str(loaded[name].device) == "cpu" and str(loaded[name].dtype) == "torch." + dtype
        assert loaded["meta"].is_meta
        assert loaded["narrow"].double().tolist()[0] == 0.10009765625

        tensor = torch.arange(4.0)
        torch.save({"tensor": tensor, "storage": tensor.storage()}, folder + "/typed.pth")
        tensor = tensor.to(torch.float8_e5m2)
        torch.save({"tensor": tensor, "storage": tensor.untyped_storage()}, folder + "/untyped.pth")
        torch.save({"lazy": torch.nn.UninitializedParameter(), "frozen":
                    torch.nn.UninitializedBuffer(requires_grad=False)}, folder + "/lazy.pth")
        """

    private func checkpoint(
        _ name: String, _ options: LoadOptions = LoadOptions()
    ) throws -> Checkpoint {
        try Checkpoint(contentsOf: Self.written.get().path(name), options: options)
    }

    @Test func `torch tensor is the earlier name of a module, which weights_only refuses`() throws {
        let value = try #require(checkpoint("renamed.pth")["noted"])
        #expect(try value.tensor().array() == [0, 1] as [Float])
        #expect(value["note"]?.string == "kept")
        let error = thrown(CheckpointError.self) {
            _ = try checkpoint("renamed.pth", LoadOptions(globals: .weightsOnly))
        }
        #expect(error?.code == .forbiddenGlobal)
    }

    @Test func `scales in lists are those of tensors`() throws {
        let checkpoint = try checkpoint("listed.pth")
        for (name, dtype) in [("affine", DType.float64), ("float", .float32)] {
            let tensor = try #require(checkpoint[name]).tensor()
            guard case .perChannel(let channels) = tensor.quantization else {
                Issue.record("\(name) is not quantized per channel")
                continue
            }
            #expect(channels.scales.dtype == dtype && channels.axis == 0)
            #expect(channels.zeroPoints.dtype == (name == "float" ? .float32 : .int64))
            #expect(try channels.scales.array(converting: Float.self) == [0.5, 0.1])
            #expect(
                try channels.zeroPoints.array(converting: Double.self)
                    == (name == "float" ? [0.5, 2] : [1, 2]))
        }
        let error = thrown(CheckpointError.self) {
            _ = try self.checkpoint("bad_list.pth")["bad"]?.tensor()
        }
        #expect(error?.code == .invalidTensor)
    }

    @Test func `less than two values are coalesced without saying so`() throws {
        let checkpoint = try checkpoint("coalesced.pth")
        let found = try (0..<3).map { try checkpoint["\($0)"]?.sparseTensor().isCoalesced }
        #expect(found == [true, true, nil])
    }

    @Test func `a map of devices reaches those that calls state`() throws {
        let names = ["wrapper", "numpy", "narrow", "cpu", "meta"]
        func devices(_ options: LoadOptions) throws -> [String] {
            let checkpoint = try checkpoint("devices.pth", options)
            return try names.map { try #require(checkpoint[$0]).tensorValue().device.rawValue }
        }
        #expect(try devices(LoadOptions()) == ["cuda:1", "cuda:1", "cpu", "cuda:1", "meta"])
        #expect(
            try devices(LoadOptions(mapLocation: .cpu)) == ["cpu", "cpu", "cpu", "cpu", "meta"])
        let map = LocationMap.map([.cuda(1): .cuda(0)])
        #expect(
            try devices(LoadOptions(mapLocation: map))
                == ["cuda:0", "cuda:0", "cpu", "cuda:0", "meta"])
        let mapped = try checkpoint("devices.pth", LoadOptions(mapLocation: .cpu)).serialized(
            options: SaveOptions(globals: .inert))
        let saved = try Checkpoint(bytes: mapped)
        #expect(try saved["wrapper"]?.tensorValue().device == .cpu)
    }

    @Test func `a cast reaches dtypes that calls state`() throws {
        var checkpoint = try checkpoint("devices.pth")
        let before = try #require(checkpoint["narrow"]).tensor().array(converting: Double.self)
        // The wrapper and what is inside of it, two that were copied, and what a third is made of.
        #expect(try checkpoint.castFloatingPoint(to: .float64) == 5)
        for name in ["wrapper", "numpy", "narrow", "cpu"] {
            #expect(try checkpoint[name]?.tensorValue().dtype == .float64, "\(name)")
        }
        #expect(try checkpoint["wrapper"]?["inner"]?.tensor().array() == [0, 1] as [Double])
        #expect(try checkpoint["wrapper"]?.tensorValue().device == .cuda(1))
        #expect(try checkpoint["numpy"]?.tensor().device == .cuda(1))
        // Not the numbers before they were rounded.
        #expect(try checkpoint["narrow"]?.tensor().array(of: Double.self) == before)
        #expect(before[0] == 0.10009765625)
        #expect(try checkpoint["meta"]?.tensorValue().dtype == .float32)
        let saved = try Checkpoint(
            bytes: checkpoint.serialized(options: SaveOptions(globals: .inert)))
        #expect(try saved["narrow"]?.tensor().array(of: Double.self) == before)
    }

    @Test func `a storage beside a tensor is cast with it, when it stays what it is`() throws {
        var typed = try checkpoint("typed.pth")
        #expect(try typed.castFloatingPoint(to: .float16) == 1)
        #expect(typed["storage"]?.storageDType == .float16)
        #expect(try typed["storage"]?.storageTensor().array() == [0, 1, 2, 3] as [Float16])
        var untyped = try checkpoint("untyped.pth")
        #expect(try untyped.castFloatingPoint(to: .float8E4M3FN) == 1)
        #expect(untyped["storage"]?.storageDType == nil)
        #expect(untyped["storage"]?.kind == .storage)
        #expect(try untyped["tensor"]?.tensor().dtype == .float8E4M3FN)
        for (checkpoint, dtype) in [(typed, DType.float8E5M2), (untyped, .float16)] {
            let error = thrown(CheckpointError.self) {
                var checkpoint = checkpoint
                _ = try checkpoint.castFloatingPoint(to: dtype)
            }
            #expect(error?.code == .invalidStorage)
        }
    }

    @Test func `what has no shape is a tensor of its own kind`() throws {
        let checkpoint = try checkpoint("lazy.pth")
        let value = try #require(checkpoint["lazy"])
        #expect(value.kind == .uninitializedTensor && value.isAnyTensor && !value.isTensor)
        #expect(value.typeName.description == "torch.nn.parameter.UninitializedParameter")
        guard case .uninitialized(let tensor) = try value.tensorValue() else {
            Issue.record("it is \(try value.tensorValue())")
            return
        }
        #expect(tensor == UninitializedTensor(requiresGrad: true, isParameter: true))
        #expect(thrown(CheckpointError.self) { _ = try value.tensor() }?.code == .typeMismatch)
        let stateDict = try checkpoint.stateDict()
        #expect(Array(stateDict.extras.keys) == ["lazy", "frozen"])
        #expect(throws: CheckpointError(.unsupportedDType, "")) {
            try checkpoint.safetensorsContents().checkSupported()
        }
        let copy = try CheckpointValue(
            .uninitialized(UninitializedTensor(requiresGrad: false, isParameter: false)))
        #expect(copy.pythonRepr() == checkpoint["frozen"]?.pythonRepr())
        #expect(copy.typeName == checkpoint["frozen"]?.typeName)
    }
}
