/// A random number generator that gives the same numbers for the same seed: SplitMix64.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator.
    package init(seed: UInt64) { state = seed }

    /// Creates the generator of an epoch.
    ///
    /// Each epoch has its own, so that a run that is resumed draws what it would have drawn without
    /// the interruption, and no state of a generator has to be saved.
    package init(seed: UInt64, epoch: Int) {
        var seeds = SplitMix64(seed: seed)
        state = seeds.next() &+ UInt64(truncatingIfNeeded: epoch) &* 0xD134_2543_DE82_EF95
    }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
