import TorchCheckpoint

/// What is timed: each call is one run.
typealias Operation = () throws -> Run

/// The operation that the words of the command line ask for, with what it needs in memory; nil
/// where they ask for none.
func operation(_ words: [String]) throws -> Operation? {
    switch (words.first, words.count) {
    case ("list", 2): { try Run.timing { try listed(words[1]) } }
    case ("list-safetensors", 2): { try Run.timing { try listedSafetensors(words[1]) } }
    case ("open", 2): { try Run.timing { try opened(words[1]) } }
    case ("own", 2): { try Run.timing { try opened(words[1]).copied() } }
    case ("read", 2): { try Run.timing { try readWhole(words[1]) } }
    case ("gather", 2): try gathering(words[1])
    case ("float", 2): try convertingToFloat(words[1])
    case ("save", 3): try saving(words[1], to: words[2])
    default: nil
    }
}
