import OrderedCollections
import Pickle

// The `_metadata` of state dicts: versions of modules by their names.
extension CheckpointValue {
    /// The dictionary with other names for its modules, without those that get none.
    ///
    /// Where two get one name, the renamed one stays. Anything but a dictionary stays what it is.
    func renamingModules(_ newName: (String) -> String?) -> CheckpointValue {
        guard kind == .dictionary else { return self }
        var modules: OrderedDictionary<CheckpointKey, Pair> = [:]
        var renamed: [(name: String, module: CheckpointValue)] = []
        for (key, module) in pairs {
            guard let name = key.string else {
                modules[contents.key(key.id)] = (key, module)
                continue
            }
            guard let new = newName(name) else { continue }
            if new.utf8.elementsEqual(name.utf8) {
                modules[.string(name)] = (key, module)
            } else {
                renamed.append((new, module))
            }
        }
        // In Python, an entry that gets another name goes to the end or where that name is.
        for (name, module) in renamed {
            let key = modules[.string(name)]?.key ?? CheckpointValue(name)
            modules[.string(name)] = (key, module)
        }
        return dictionary(of: modules.values.map { ($0.key, $0.module) })
    }

    private typealias Pair = (key: CheckpointValue, module: CheckpointValue)

    /// The dictionary with a prefix before its modules, and the modules that the prefix names.
    func addingModules(_ prefix: String) -> CheckpointValue {
        guard kind == .dictionary else { return self }
        let renamed = prefixingModules(prefix)
        return dictionary(of: renamed.pairs, behind: prefix.modules(missingIn: [renamed]))
    }

    /// The dictionary with the modules of a part behind its own, and those that the prefix names.
    ///
    /// Modules that both have are as in the part. Anything but a dictionary has no modules.
    func appending(_ part: CheckpointValue, _ prefix: String) -> CheckpointValue {
        guard kind == .dictionary, part.kind == .dictionary else { return self }
        let renamed = part.prefixingModules(prefix)
        let missing = prefix.modules(missingIn: [self, renamed])
        let added = renamed.dictionary(of: renamed.pairs, behind: missing)
        return dictionary(of: pairs + added.pairs)
    }

    private func prefixingModules(_ prefix: String) -> CheckpointValue {
        renamingModules { $0.isEmpty ? prefix.moduleName : prefix + $0 }
    }

    private var pairs: [(CheckpointValue, CheckpointValue)] {
        (entryIDs ?? []).entryPairs.map { (value($0.key), value($0.value)) }
    }

    /// A dictionary of the class of this one.
    ///
    /// - Parameter modules: Names of modules of version 1 that are to come first.
    private func dictionary(
        of pairs: [(CheckpointValue, CheckpointValue)], behind modules: [String] = []
    ) -> CheckpointValue {
        // In Python the key is one object in all of them.
        let known = pairs.first?.1.pairs.first { $0.0.string == "version" }?.0
        let version = known ?? CheckpointValue("version")
        let isPlain = typeName == GlobalName(module: "builtins", name: "dict")
        return CheckpointValue { (contents) throws(CheckpointError) in
            let ids = try contents.add(contentsOf: [version] + Self.mergedEntries(pairs))
            var entries: [NodeID] = []
            for module in modules {
                let one = contents.graph.addInteger(1)
                try entries.append(contents.graph.addText(module))
                entries.append(contents.graph.addDictionary(ids.prefix(1) + [one]))
            }
            entries += ids.dropFirst()
            guard isPlain else { return contents.graph.addOrderedDictionary(entries) }
            return contents.graph.addDictionary(entries)
        }
    }
}

extension String {
    /// The modules that this prefix names and that no dictionary of modules has, the outer ones
    /// first.
    fileprivate func modules(missingIn dictionaries: [CheckpointValue]) -> [String] {
        let known = Set(dictionaries.flatMap { $0.dictionary?.keys ?? [] })
        return moduleName.modulesAround.filter { !known.contains(.string($0)) }
    }

    /// The name of a module without a prefix, or nil for one that is not inside it.
    ///
    /// The module that the prefix itself names has the empty name.
    func removing(modulePrefix prefix: String) -> String? {
        guard !isEmpty else { return nil }
        if let rest = removing(prefix: prefix) { return String(rest) }
        return (self + ".").utf8.elementsEqual(prefix.utf8) ? "" : nil
    }

    /// The names of the modules from the model itself, which has the empty one, to this one.
    fileprivate var modulesAround: [String] {
        guard !isEmpty else { return [""] }
        let parts = nameParts
        return [""] + parts.indices.map { parts[...$0].joined(separator: ".") }
    }
}
