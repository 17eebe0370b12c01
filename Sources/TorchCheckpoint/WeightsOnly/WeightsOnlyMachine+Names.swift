import ByteIO
import Pickle

extension WeightsOnlyMachine {
    /// Pushes what torch has for a name.
    mutating func pushGlobal(_ instruction: Instruction) throws(CheckpointError) {
        let pickle = pickle
        let bytes = pickle.bytes
        guard let module = String(validatingUTF8: bytes.extracting(instruction.text)),
            let name = String(validatingUTF8: bytes.extracting(instruction.secondText))
        else { throw .refusedByTorch("the name of a class or function is not UTF-8") }
        let number = try number(of: GlobalName(module: module, name: name))
        stack.append(.global(number))
    }

    private mutating func number(of name: GlobalName) throws(CheckpointError) -> UInt32 {
        if let known = namePlaces[name] { return known }
        guard policy.accepts(name) else { throw .forbidden([name.description]) }
        let number = UInt32(truncatingIfNeeded: names.count)
        names.append((name.torchPath, SafeGlobal(name.torchPath)))
        namePlaces[name] = number
        return number
    }

    /// What a class or function is; nil for anything else.
    func meaning(of value: PythonValue) -> SafeGlobal? {
        if case .global(let number) = value { names[Int(number)].meaning } else { nil }
    }

    func path(of value: PythonValue) -> String {
        switch value {
        case .global(let number), .made(let number): names[Int(number)].path
        default: value.typeName
        }
    }
}
