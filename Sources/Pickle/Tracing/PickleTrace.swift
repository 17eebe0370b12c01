package import ByteIO

/// What Python would import and call on the way through a pickle, whether or not it comes to an end.
///
/// Where ``PickleGraph`` refuses what no pickler writes, a trace goes on as far as there are
/// instructions: Python runs each as it comes, so what stands before a mistake has happened.
/// See `Specs/scanning.md`.
package struct PickleTrace: Sendable {
    /// A class or function that is named, and what becomes of it.
    package struct Mention: Sendable {
        /// The name as the pickle spells it.
        package let name: GlobalName
        /// The offset of the first instruction that names it.
        package let offset: Int
        /// What is done with it.
        package var uses: Uses = []
        /// Whether it is `getattr`, of which every use looks up a literal name; what that leads to is a
        /// mention by itself.
        package internal(set) var isResolved = false
    }

    /// What a pickle does with a class or function beside naming it.
    package struct Uses: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It is called, or an instance is made of it.
        package static let called = Uses(rawValue: 1)
        /// It, or what a call of it gave, is given a state: `__setstate__` or its attributes.
        package static let built = Uses(rawValue: 2)
    }

    /// Something that pickles of torch do not have.
    package enum Oddity: Hashable, Sendable {
        /// A module or name is no text of the pickle but comes out of a call, or is no text at all.
        case computedName
        /// What is called is the result of a call.
        case computedCall
        /// A class is named by its number in the extension registry.
        case extensionCode
        /// A name is longer than the limit.
        case longName
        /// An instruction crosses the end of its frame.
        case frameCrossing
        /// An instruction finds other things on the stack or in the memo than it needs; Python ends.
        case fault
    }

    /// All names, each once, in the order of their first mention.
    package internal(set) var mentions: [Mention] = []
    /// The offset at which each kind of oddity is met first.
    package internal(set) var oddities: [Oddity: Int] = [:]
    /// Literals that begin like a pickle or an archive, which something could load.
    package internal(set) var literals: [TracedText] = []
    /// Where the pickle ends: behind STOP, or where it can't be read any further.
    package internal(set) var end = 0
    /// Why it could not be read up to STOP.
    package internal(set) var error: CheckpointError?
    /// Whether anything is called.
    package internal(set) var hasCalls = false
    /// Whether there was an instruction that only pickles have: the protocol.
    package internal(set) var statesProtocol = false

    /// A trace that nothing is in yet.
    init() {}

    /// Traces the pickle that `region` begins with.
    ///
    /// - Parameter limits: All count but those of single texts and integers;
    ///   ``PickleLimits/nodes`` is for texts, tuples and names together.
    /// - Complexity: O(*n*) in the number of bytes; 8 bytes of memory for each object on the stack and
    ///   in the memo, 12 for each text, 16 for each tuple.
    package init(of region: ByteRegion, limits: PickleLimits = .default) {
        var nameBytes = Self.maximumFreeNameBytes
        self.init(of: region, limits: limits, nameBytes: &nameBytes)
    }

    /// How many bytes of names are made of texts, beyond the size of the pickle.
    package static let maximumFreeNameBytes = 1 << 22

    /// Traces one of several pickles.
    ///
    /// - Parameter nameBytes: How many bytes of names may be made of texts, beyond the size of each
    ///   pickle, by all of them.
    package init(of region: ByteRegion, limits: PickleLimits, nameBytes: inout Int) {
        let limits = limits.clamped
        let isWhole = region.count <= limits.bytes
        let bytes = region.bytes.extracting(first: limits.bytes)
        var tracer = PickleTracer(bytes, limits: limits, nameBytes: nameBytes)
        tracer.run()
        nameBytes = max(0, min(nameBytes, tracer.nameBudget))
        self = tracer.takeTrace()
        if !isWhole, let error, error.code == .truncated {
            self.error = CheckpointError(
                .limitExceeded, "the pickle has more than \(limits.bytes) bytes", offset: end,
                advice: "Raise PickleLimits.bytes if the file is trusted")
        }
    }
}
