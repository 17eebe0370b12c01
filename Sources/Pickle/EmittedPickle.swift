package import ByteIO

/// A graph as a pickle of protocol 2, and what a reader of it has to know.
package struct EmittedPickle: Sendable {
    /// The names of classes and functions as they are written, each once, in file order.
    ///
    /// What protocol 2 has no instruction for is written as a call, so there may be names that the
    /// graph has not: `__builtin__.set`, `_codecs.encode`.
    package let globalNames: [GlobalName]
    /// The objects of kind ``PickleKind/persistent``, each once, in the order of their first mentions.
    package let persistentLoads: [NodeID]
    /// The opcodes that torch's `weights_only` unpickler does not take, each once, in file order.
    package let beyondWeightsOnly: [Opcode]
    /// The pickle, from `PROTO` to `STOP`.
    package let region: ByteRegion

    /// A copy of the pickle.
    package var bytes: [UInt8] { region.copyBytes() }
}
