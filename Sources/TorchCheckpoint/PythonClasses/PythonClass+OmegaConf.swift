import Pickle

extension PythonClass {
    /// The configurations of OmegaConf, as hyperparameters of Lightning have them: containers whose
    /// `_content` has nodes with a `_val`.
    static let omegaConf: [PythonClass] = containers + nodes

    private static let containers = ["dictconfig.DictConfig", "listconfig.ListConfig"].map {
        PythonClass(omegaConf: $0, "_content")
    }

    private static let nodes = [
        "AnyNode", "StringNode", "IntegerNode", "FloatNode", "BooleanNode", "BytesNode", "PathNode",
        "EnumNode", "InterpolationResultNode",
    ].map { PythonClass(omegaConf: "nodes.\($0)", "_val") }

    private init(omegaConf name: String, _ field: String) {
        let parts = name.split(separator: ".")
        self.init("omegaconf.\(parts[0])", String(parts[1])) { object, writer in
            object.field(field).map { writer.repr($0, in: object) }
        }
    }

    /// The field of an object of OmegaConf that is what it stands for.
    fileprivate var content: String? {
        guard name.module.hasPrefix("omegaconf.") else { return nil }
        return name.module == "omegaconf.nodes" ? "_val" : "_content"
    }
}

extension CheckpointValue {
    /// What a configuration of OmegaConf or a node in one stands for; nil for anything else.
    var configurationContent: CheckpointValue? {
        guard let field = pythonClass?.content,
            let content = PythonObject(value: self, depth: 0).field(field)
        else { return nil }
        // Of a configuration that is its own content, there would be no end.
        return content.pythonClass?.content == nil ? content : nil
    }

    /// The value of a node of OmegaConf; anything else is itself.
    var withoutNode: CheckpointValue {
        guard let known = pythonClass, known.name.module == "omegaconf.nodes" else { return self }
        return configurationContent ?? self
    }
}
