import Pickle

/// The classes and functions that tensors are written with, each looked up in a graph once for all
/// tensors that are added to it together.
struct TensorNames {
    /// A class or function.
    enum Name: Int, CaseIterable {
        case rebuildTensorV2, rebuildTensorV3, rebuildParameter, orderedDict
        case rebuildQuantized, rebuildMeta, rebuildSparse, rebuildNested, layout, size
    }

    private var ids = [NodeID?](repeating: nil, count: Name.allCases.count)

    /// The class or function in the graph, added when it is not there.
    mutating func id(of name: Name, in graph: inout PickleGraph) -> NodeID {
        if let known = ids[name.rawValue] { return known }
        let id = graph.addGlobal(name.globalName)
        ids[name.rawValue] = id
        return id
    }
}

extension TensorNames.Name {
    fileprivate var globalName: GlobalName {
        switch self {
        case .rebuildTensorV2: .rebuildTensorV2
        case .rebuildTensorV3: .rebuildTensorV3
        case .rebuildParameter: .rebuildParameter
        case .orderedDict: .orderedDict
        case .rebuildQuantized: GlobalName(module: "torch._utils", name: "_rebuild_qtensor")
        case .rebuildMeta:
            GlobalName(module: "torch._utils", name: "_rebuild_meta_tensor_no_storage")
        case .rebuildSparse: GlobalName(module: "torch._utils", name: "_rebuild_sparse_tensor")
        case .rebuildNested: GlobalName(module: "torch._utils", name: "_rebuild_nested_tensor")
        case .layout: GlobalName(module: "torch.serialization", name: "_get_layout")
        case .size: GlobalName(module: "torch", name: "Size")
        }
    }
}

extension GlobalName {
    static let rebuildTensorV2 = GlobalName(module: "torch._utils", name: "_rebuild_tensor_v2")
    static let rebuildTensorV3 = GlobalName(module: "torch._utils", name: "_rebuild_tensor_v3")
    static let rebuildParameter = GlobalName(module: "torch._utils", name: "_rebuild_parameter")
    static let orderedDict = GlobalName(module: "collections", name: "OrderedDict")
}
