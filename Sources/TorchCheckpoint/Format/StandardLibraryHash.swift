/// How GNU's C++ library hashes text, and in which order its `unordered_set` gives it back.
///
/// torch's serialization id depends on both. Source: `hash_bytes.cc`, `hashtable.h` and
/// `hashtable_c++0x.cc` of libstdc++.
enum StandardLibraryHash {
    /// `std::hash<std::string>`: MurmurHash64A with a seed of its own.
    ///
    /// - Complexity: O(*n*) in the length of the text.
    static func hash(_ text: String) -> UInt64 {
        var hash = 0xC70F_6907 ^ (UInt64(text.utf8.count) &* multiplier)
        var word: UInt64 = 0
        var bitCount: UInt64 = 0
        for byte in text.utf8 {
            word |= UInt64(byte) << bitCount
            bitCount += 8
            guard bitCount == 64 else { continue }
            hash = (hash ^ (mixed(word &* multiplier) &* multiplier)) &* multiplier
            (word, bitCount) = (0, 0)
        }
        if bitCount > 0 { hash = (hash ^ word) &* multiplier }
        return mixed(mixed(hash) &* multiplier)
    }

    private static let multiplier: UInt64 = 0xC6A4_A793_5BD1_E995

    private static func mixed(_ value: UInt64) -> UInt64 { value ^ (value >> 47) }

    /// The order in which a set gives back elements with these hashes, inserted in this order.
    ///
    /// - Complexity: O(*n*) on average.
    static func iterationOrder(of hashes: [UInt64]) -> [UInt64] {
        var list = BucketList(capacity: hashes.count)
        for hash in hashes { list.insert(hash) }
        return list.order
    }
}

/// The one linked list of a libstdc++ hash table, in which the nodes of a bucket are neighbours.
private struct BucketList {
    // Node 0 stands before the first; the others are the elements in the order of insertion.
    private var hashes: [UInt64] = [0]
    private var next: [Int] = [0]
    // The node before the first one of each bucket; empty buckets have none.
    private var buckets: [Int?] = [nil]

    init(capacity: Int) {
        hashes.reserveCapacity(capacity + 1)
        next.reserveCapacity(capacity + 1)
    }

    /// The hashes in the order of the list.
    var order: [UInt64] { nodes.map { hashes[$0] } }

    private var nodes: [Int] { Array(sequence(first: next[0]) { next[$0] }.prefix { $0 != 0 }) }

    mutating func insert(_ hash: UInt64) {
        if hashes.count > buckets.count || buckets.count == 1 { grow() }
        hashes.append(hash)
        next.append(0)
        link(hashes.count - 1)
    }

    // A node goes to the front of its bucket, and that of an empty bucket to the front of the list.
    private mutating func link(_ node: Int) {
        let bucket = self.bucket(of: node)
        if let before = buckets[bucket] {
            next[node] = next[before]
            next[before] = node
            return
        }
        next[node] = next[0]
        next[0] = node
        if next[node] != 0 { buckets[self.bucket(of: next[node])] = node }
        buckets[bucket] = 0
    }

    private func bucket(of node: Int) -> Int { Int(hashes[node] % UInt64(buckets.count)) }

    private mutating func grow() {
        let nodes = self.nodes
        let size = Self.sizes.first { $0 > buckets.count } ?? buckets.count
        buckets = Array(repeating: nil, count: size)
        next[0] = 0
        for node in nodes { link(node) }
    }

    // What a table has when it doubles: each is the least prime of the library's own list that is
    // at least twice the one before. More names than the last do not fit a file.
    private static let sizes = [
        13, 29, 59, 127, 257, 541, 1109, 2357, 5087, 10273, 20753, 42043, 85229, 172_933, 351_061,
        712_697, 1_447_153, 2_938_679, 5_967_347, 12_117_689, 24_607_243, 49_969_847,
    ]
}
