import Pickle

// cloudpickle describes a class that is not importable, instead of naming it:
// _make_skeleton_class(metaclass, name, bases, {'__module__': …}, …).
extension CheckpointContents {
    private static let makeSkeletonClass = GlobalName(
        module: "cloudpickle.cloudpickle", name: "_make_skeleton_class")

    /// The name of a class that a pickle describes; nil when `id` is none.
    func skeletonClass(_ id: NodeID) -> GlobalName? {
        // Each object of the class has the name made anew.
        guard isSkeletonClass(id), let text = argument(1, of: id),
            graph.textLength(of: text) <= PythonObject.maximumTextByteCount,
            let name = graph.string(text)
        else { return nil }
        let fields = argument(3, of: id).flatMap { graph.entries($0) } ?? []
        // It is the first and only one in what cloudpickle writes.
        let module = fields.prefix(8).entryPairs.first { graph.isText($0.key, "__module__") }
        let isShort = module.map {
            graph.textLength(of: $0.value) <= PythonObject.maximumTextByteCount
        }
        let moduleName = isShort == true ? module.flatMap { graph.string($0.value) } : nil
        return GlobalName(module: moduleName ?? "?", name: name)
    }

    fileprivate func isSkeletonClass(_ id: NodeID) -> Bool {
        graph.call(id).flatMap { graph.global($0.callable) } == Self.makeSkeletonClass
    }
}

extension CheckpointValue {
    /// The classes that the class of this object inherits, when the pickle describes it.
    var skeletonBases: [GlobalName] {
        guard let call = graph.call(id), contents.isSkeletonClass(call.callable),
            let bases = contents.argument(2, of: call.callable)
        else { return [] }
        return (graph.items(bases) ?? []).prefix(8).compactMap { graph.global($0)?.python3 }
    }
}
