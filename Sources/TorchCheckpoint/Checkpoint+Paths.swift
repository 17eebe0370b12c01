extension Checkpoint {
    /// The value at the end of a path.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` that lists what is there where the path ends.
    public func value(at path: CheckpointPath) throws -> CheckpointValue {
        try contents.values(along: path.keys[...]).last?.value ?? root
    }

    /// The path that a list of words means, as a command line gives them.
    ///
    /// A word is a string key if there is one, else the place in a list or an integer key, else any
    /// other key that Python's `repr` shows as the word.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` that lists what is there where the words stop
    ///   making sense.
    public func path(from words: [String]) throws -> CheckpointPath {
        var value = root
        var path = CheckpointPath()
        for word in words {
            let readings = [.string(word), Int(word).map(CheckpointKey.integer), .other(word)]
            let found = readings.lazy.compactMap { $0 }.compactMap { key in
                value[key].map { (key, $0) }
            }.first
            guard let (key, next) = found else { throw value.missing(.string(word), at: path) }
            path.keys.append(key)
            value = next
        }
        return path
    }
}

extension CheckpointContents {
    /// The root and what each step leads to, each with the step that leads to it.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` that lists what is there where the steps end.
    func values(
        along keys: ArraySlice<CheckpointKey>
    ) throws(CheckpointError) -> [(key: CheckpointKey?, value: CheckpointValue)] {
        var value = CheckpointValue(contents: self, id: graph.root)
        var values: [(key: CheckpointKey?, value: CheckpointValue)] = [(nil, value)]
        for (index, key) in zip(keys.indices, keys) {
            guard let next = value[key] else {
                throw value.missing(key, at: CheckpointPath(Array(keys[..<index])))
            }
            value = next
            values.append((key, value))
        }
        return values
    }
}

extension CheckpointValue {
    func missing(_ key: CheckpointKey, at path: CheckpointPath?) -> CheckpointError {
        let place = path.map { $0.keys.isEmpty ? "the root" : $0.description } ?? "what holds it"
        let error = CheckpointError(
            .keyNotFound, "there is no \(key.pythonRepr) in \(place), a \(typeName)",
            offset: graph.offset(of: id), advice: keyAdvice(key.description))
        return contents.locating(error, at: nil)
    }

    private func keyAdvice(_ word: String) -> String {
        if let count = itemIDs?.count {
            return count == 0 ? "It is empty" : "Its places are 0 to \(count - 1)"
        }
        let names = children.map(\.key.description)
        guard !names.isEmpty else { return "It has nothing inside" }
        guard names.count > 12 else { return "Its keys are \(names.joined(separator: ", "))" }
        return "Keys like it: \(names.mostSimilar(to: word, count: 8).joined(separator: ", "))"
    }
}
