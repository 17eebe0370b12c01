/// The numbers of two texts of a pickle that are the module and the name of a class.
struct TextPair: Hashable {
    private let module: UInt32
    private let name: UInt32

    init(module: Int, name: Int) {
        self.module = UInt32(truncatingIfNeeded: module)
        self.name = UInt32(truncatingIfNeeded: name)
    }
}
