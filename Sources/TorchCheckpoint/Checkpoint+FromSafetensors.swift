import ByteIO
public import Safetensors
import Tensors

extension Checkpoint {
    /// Creates a checkpoint of the tensors of a safetensors file, in the order of their data.
    ///
    /// It is a state dict, an `OrderedDict`. A tensor that was left out because it shares another's
    /// memory, which the metadata notes, is there again and shares it. The Python counterpart is
    /// `torch.save(load_file(path), …)`; for the shared ones `load_model`.
    ///
    /// - Throws: as ``init(_:)-(StateDict)``.
    /// - Complexity: O(*n*) in the number of tensors; no elements are read.
    public init(_ file: SafetensorsFile) throws {
        var tensors = file.tensors
        for (name, standIn) in file.standIns { tensors[name] = file.tensors[standIn] }
        try self.init(StateDict(tensors))
    }
}
