import ZipArchive

/// What the entries of an archive are to those who load it.
struct ScannedRecords {
    /// What an entry is.
    enum Role {
        /// A pickle that the loader reads.
        case pickle
        /// A file of its own that the loader reads.
        case file
        /// The bytes of a storage.
        case storage
        /// The same of a program of torch.export, which may be a pickle instead.
        case weight
        /// Code of TorchScript.
        case code
        /// A pickle of instructions, made of code of TorchScript.
        case bytecode
        /// What torch.export says of a program.
        case program
        /// Anything else.
        case other
    }

    /// Whether the archive goes to `torch.jit.load`, by the record that torch goes by.
    let isScript: Bool
    private let names: [String]
    private let isExport: Bool

    init(_ entries: [SurveyedEntry]) {
        // torch's reader does not tell cases apart.
        let names = entries.map { $0.name.foldingASCIICase() }
        let root = names.first?.rootFolder ?? ""
        let records = names.map { $0.hasPrefix(root) ? String($0.dropFirst(root.count)) : $0 }
        isScript =
            records.contains("constants.pkl") || records.contains("model.json")
            || records.contains("bytecode.pkl")
        isExport =
            records.contains("archive_format")
            || names.contains("serialized_exported_program.json")
        self.names = records
    }

    /// What the entry with a number is.
    func role(of index: Int) -> Role {
        let name = names[index]
        if name == "data.pkl" { return .pickle }
        if isScript, name.hasSuffix("bytecode.pkl") { return .bytecode }
        if isScript, name.hasSuffix(".pkl") || name.hasSuffix("debug_pkl") { return .pickle }
        if isScript, name.hasSuffix(".py") { return .code }
        if isExport, name.hasSuffix(".json"), name != "serialized_state_dict.json" {
            return .program
        }
        if isExport, name.hasSuffix(".pt") || name.hasPrefix("serialized_") { return .file }
        let folders = ["data/", "constants/", "tensors/"]
        guard folders.contains(where: name.hasPrefix) else { return .other }
        return isExport ? .weight : .storage
    }
}

extension String {
    /// The part of a path up to and with its first slash.
    fileprivate var rootFolder: String {
        firstIndex(of: "/").map { String(self[...$0]) } ?? ""
    }
}
