import ByteIO

// What a container's reader does with a graph before anybody else has it.
extension PickleGraph {
    /// Has every place that holds one of some objects hold another one.
    ///
    /// - Parameter replacements: The new object of each old one; a new one is not replaced in turn.
    /// - Complexity: O(*n*) in the number of objects and of the elements of all containers.
    package mutating func replaceObjects(_ replacements: [NodeID: NodeID]) {
        guard !replacements.isEmpty else { return }
        // A list of all objects, because looking up every element in a dictionary takes longer.
        var targets = (0..<count).map { NodeID(index: $0) }
        for (old, new) in replacements { targets[old.index] = new }
        contents.replaceObjects(by: targets)
    }

    /// Lists other objects as those that lie outside the pickle, and numbers them in that order.
    ///
    /// - Parameter loads: Objects of kind ``PickleKind/persistent``.
    package mutating func setPersistentLoads(_ loads: [NodeID]) {
        contents.persistentLoads = loads
        for (ordinal, load) in loads.enumerated() {
            contents.nodes[load.index].count = UInt32(truncatingIfNeeded: ordinal)
        }
    }

    /// Gives a persistent object another id.
    package mutating func setIdentifier(of id: NodeID, to identifier: NodeID) {
        guard kind(of: id) == .persistent else { return }
        contents.nodes[id.index].payload = UInt64(identifier.index)
    }
}

extension GraphContents {
    fileprivate mutating func replaceObjects(by targets: [NodeID]) {
        root = targets[root.index]
        for place in tupleItems.indices { tupleItems[place] = targets[tupleItems[place].index] }
        for index in sequences.indices {
            for place in sequences[index].indices {
                sequences[index][place] = targets[sequences[index][place].index]
            }
        }
        for index in objects.indices {
            objects[index].callable = targets[objects[index].callable.index]
            objects[index].arguments = targets[objects[index].arguments.index]
            objects[index].keywordArguments = targets[objects[index].keywordArguments.index]
        }
        for load in persistentLoads {
            let identifier = targets[nodes[load.index].index]
            nodes[load.index].payload = UInt64(identifier.index)
        }
    }
}
