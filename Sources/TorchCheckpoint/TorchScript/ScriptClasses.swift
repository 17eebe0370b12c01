import ByteIO
import Pickle

/// The classes of an archive of TorchScript, read from its code as they are asked for.
struct ScriptClasses {
    private let records: RecordArchive
    private var modules: [String: [String: ScriptClass]] = [:]
    private var remaining = Self.maximumByteCount

    init(_ records: RecordArchive) { self.records = records }

    /// The most bytes of code that are looked at together.
    static let maximumByteCount = 1 << 26

    /// The class of a name, or nil where the archive has no code of it.
    ///
    /// `__torch__.a.b` is the class `b` in the record `code/__torch__/a.py`.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``, what inflating throws.
    /// - Complexity: O(*n*) in the size of the record when it is the first class of it.
    mutating func find(_ name: GlobalName) throws(CheckpointError) -> ScriptClass? {
        if let known = modules[name.module] { return known[name.name] }
        let path = name.module.split(separator: ".", omittingEmptySubsequences: false)
        let record = TorchScriptInfo.codeFolder + path.joined(separator: "/") + ".py"
        let classes = try classes(in: record)
        modules[name.module] = classes
        return classes[name.name]
    }

    private mutating func classes(in record: String) throws(CheckpointError) -> [String:
        ScriptClass]
    {
        guard let entry = records.entry(record) else { return [:] }
        remaining -= min(entry.byteCount, remaining + 1)
        guard remaining >= 0 else {
            throw CheckpointError(
                .limitExceeded,
                "the classes are in more than \(Self.maximumByteCount) bytes of code"
            ).inRecord(record)
        }
        return ScriptClassScanner(try records.contents(of: entry).copyBytes()).classes
    }
}
