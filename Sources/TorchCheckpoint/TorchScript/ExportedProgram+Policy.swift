import ByteIO
import Pickle

// Pickles that are neither weights nor constants that are read, and that Python would run.
extension ExportedProgram {
    /// Checks the names in the inputs that a program was exported with, and in its opaque constants:
    /// `torch.export.load` reads both without restrictions.
    ///
    /// - Throws: ``CheckpointError/Code/forbiddenGlobal``; what reading them throws.
    static func checkOtherPickles(
        of source: CheckpointSource, _ policy: GlobalPolicy
    ) throws(CheckpointError) {
        guard policy != .inert, let records = source.records else { return }
        switch source.archiveKind {
        case .pickle, .script, .scriptOf2019: return
        case .rootlessExport:
            if records.has(oldInputs) { try check(oldInputs, of: source, policy) }
        case .export:
            for name in records.names(below: inputFolder) {
                try check(inputFolder + name, of: source, policy)
            }
            for name in records.names(below: opaquePrefix) {
                let record = opaquePrefix + name
                let pickle = try records.contents(of: records.requireEntry(record))
                do throws(CheckpointError) {
                    try policy.check(PickleGraph(parsing: pickle, allowsTrailingBytes: true))
                } catch {
                    throw error.inRecord(record)
                }
            }
        }
    }

    private static let oldInputs = "serialized_example_inputs.pt"
    private static let inputFolder = "data/sample_inputs/"
    private static let opaquePrefix = Payload.constants.folder + "opaque_obj_"

    /// Checks a record that is a file of `torch.save`, or empty where there is nothing.
    private static func check(
        _ record: String, of source: CheckpointSource, _ policy: GlobalPolicy
    ) throws(CheckpointError) {
        guard let records = source.records, let entry = records.entry(record), entry.byteCount > 0
        else { return }
        do throws(CheckpointError) {
            _ = try CheckpointContents(
                objectIn: records.contents(of: entry), filePath: source.filePath,
                options: LoadOptions(globals: policy))
        } catch {
            throw error.inRecord(record)
        }
    }
}
