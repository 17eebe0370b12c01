import Pickle

/// A class or function of Python whose objects are shown as Python shows them, of what the file says
/// of them alone: nothing is called.
///
/// The table: `Specs/values.md`.
struct PythonClass: Sendable {
    /// Shows an object; nil when the file says of it what Python would not write.
    typealias Repr = @Sendable (PythonObject, inout ReprWriter) -> String?

    let name: GlobalName
    /// The names of the fields that the arguments of the constructor are, in order; an empty one is
    /// none.
    let fields: [String]
    /// Whether the repr says all there is, so that nobody needs to look into objects.
    let isPlain: Bool
    /// The name of the class, when ``name`` is that of a function that makes its objects.
    let className: GlobalName?
    let repr: Repr

    init(
        _ module: String, _ name: String, fields: [String] = [], isPlain: Bool = false,
        className: GlobalName? = nil, repr: @escaping Repr
    ) {
        self.name = GlobalName(module: module, name: name)
        self.fields = fields
        self.isPlain = isPlain
        self.className = className
        self.repr = repr
    }

    /// The place of a class among all that are known, which is small to copy.
    struct Number: Equatable {
        fileprivate let place: Int

        /// Looks a name up, as Python 3 has it.
        init?(_ name: GlobalName) {
            guard let place = PythonClass.places[name] else { return nil }
            self.place = place
        }

        /// The class.
        var known: PythonClass { PythonClass.all[place] }
    }

    private static let all = Array(
        [times, paths, collections, numbers, callables, torchConstants, omegaConf].joined())

    private static let places = Dictionary(
        uniqueKeysWithValues: all.indices.map { (all[$0].name, $0) })

    /// `copyreg._reconstructor`, by which protocols 0 and 1 make any object.
    static let reconstructor = GlobalName(module: "copyreg", name: "_reconstructor")
    static let reconstructorNumber = Number(reconstructor)
    static let dequeNumber = Number(GlobalName(module: "collections", name: "deque"))
}

extension PythonClass: Equatable {
    static func == (left: PythonClass, right: PythonClass) -> Bool { left.name == right.name }
}

extension CheckpointValue {
    /// The class of the object, when it is known.
    var pythonClass: PythonClass? {
        switch contents.role(ofObject: id) {
        case .python(let number) where number == PythonClass.reconstructorNumber:
            guard let first = contents.argument(0, of: id),
                case .python(let number) = contents.role(ofGlobal: first)
            else { return nil }
            return number.known
        case .python(let number): return number.known
        case .dictionary(.defaultFactory): return .defaultDictionary
        default: return nil
        }
    }

    /// The fields that the arguments of a known class are.
    var argumentFields: [(name: String, value: CheckpointValue)] {
        guard let known = pythonClass, !known.fields.isEmpty else { return [] }
        let arguments = PythonObject(value: self, depth: 0).arguments
        return zip(known.fields, arguments).filter { !$0.0.isEmpty }
    }

    /// The repr of an object that has nothing in it to look at; nil for any other.
    package var plainRepr: String? {
        guard kind == .object, let known = pythonClass, known.isPlain,
            isPlainInside(Self.plainDepth)
        else {
            return nil
        }
        return wholeRepr(maximumCharacters: 256)
    }

    // A datetime has a timezone, which has a timedelta.
    private static let plainDepth = 3

    // Arguments of known plain classes only, which themselves are as plain.
    private func isPlainInside(_ depth: Int) -> Bool {
        let arguments = PythonObject(value: self, depth: 0).arguments
        guard depth > 0, arguments.count <= (depth == Self.plainDepth ? 64 : 3) else {
            return false
        }
        return arguments.allSatisfy { argument in
            if argument.isAnyTensor { return false }
            if !argument.isContainer { return true }
            return argument.pythonClass?.isPlain == true && argument.isPlainInside(depth - 1)
        }
    }
}

extension ReprWriter {
    /// An object of a known class as Python shows it; nil for any other.
    mutating func known(_ value: CheckpointValue, depth: Int) -> String? {
        guard let known = value.pythonClass,
            let text = known.repr(PythonObject(value: value, depth: depth), &self)
        else { return nil }
        budget -= text.utf8.count
        return text
    }

    /// What is inside an object.
    mutating func repr(_ value: CheckpointValue, in object: PythonObject) -> String {
        repr(value, depth: object.depth - 1)
    }
}
