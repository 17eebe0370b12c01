import ByteIO
import Pickle

// Archives that hold a program beside its tensors.
extension CheckpointContents {
    /// Reads the tensors of a TorchScript archive of 2019.
    convenience init(
        scriptOf2019 source: CheckpointSource, _ records: RecordArchive, options: LoadOptions
    ) throws(CheckpointError) {
        do throws(CheckpointError) {
            var reader = try ModelJSONReader(records, options)
            try self.init(source, options: options) { contents throws(CheckpointError) in
                try reader.addRoot(to: contents)
            }
            producer = reader.producer
        } catch {
            throw error.inRecord(ModelJSON.recordName)
        }
    }

    /// Reads the state dict and the constants of an archive of `torch.export.save`.
    convenience init(
        export source: CheckpointSource, _ records: RecordArchive, options: LoadOptions
    ) throws(CheckpointError) {
        var program = try ExportedProgram(records, options)
        try self.init(source, options: options) { contents throws(CheckpointError) in
            try program.addRoot(.weights, to: contents)
        }
        var others = try ExportedProgram(records, options)
        constants = try CheckpointContents(source, options: options) {
            contents throws(CheckpointError) in
            try others.addRoot(.constants, to: contents)
        }
    }
}
