// Former names, until the tests that use them have the new ones.
extension CheckpointValue {
    package init(size: some Sequence<Int>) { self = .size(size) }

    @_disfavoredOverload
    package static func dictionary(
        pairs: some Sequence<(key: CheckpointValue, value: CheckpointValue)>
    ) throws -> CheckpointValue {
        try dictionary(pairs: pairs.map { ($0.key, $0.value) })
    }
}

extension KeyPattern {
    package func replacing(_ name: String, by replacement: String) -> String? {
        renaming(name, to: replacement)
    }
}
