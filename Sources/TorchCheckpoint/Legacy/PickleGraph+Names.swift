import ByteIO
import Pickle

extension PickleGraph {
    /// Checks a pickle beside that of the object, in which torch names hardly anything.
    ///
    /// Python would run what it names, and nobody who looks at the object would see it.
    ///
    /// - Parameter isExpected: Whether torch writes a name there.
    /// - Throws: ``CheckpointError/Code/malformedPickle``.
    func checkNames(
        _ isExpected: (GlobalName) -> Bool = { _ in false }
    ) throws(CheckpointError) {
        guard !hasExtensions, globalNames.allSatisfy(isExpected) else {
            let names = globalNames.filter { !isExpected($0) }.map(\.description)
            throw CheckpointError(
                .malformedPickle,
                "a pickle beside the object names \(names.isEmpty ? "a class" : names.listed(5)), "
                    + "which torch does not write there",
                advice: "The file is made to do harm; do not load it in Python")
        }
    }
}

extension GlobalName {
    /// Whether it is a class of storages.
    var isStorageClass: Bool {
        if case .storage = GlobalRole(self) { true } else { false }
    }

    /// Whether it is a class of tensors of torch before 0.4, such as `torch.FloatTensor`.
    var isTensorClass: Bool {
        let prefix = name.dropLast("Tensor".utf8.count)
        return name.hasSuffix("Tensor") && module.split(separator: ".").first == "torch"
            && GlobalName(module: module, name: prefix + "Storage").isStorageClass
    }
}
