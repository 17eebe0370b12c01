import Foundation
import FuzzTargets

/// The target that the first argument names; ends the program when there is none.
///
/// `--targets` lists them.
func chosenTarget(_ arguments: [String]) -> FuzzTarget {
    let names = FuzzTarget.all.map(\.name)
    if arguments.dropFirst() == ["--targets"] {
        print(names.joined(separator: " "))
        exit(0)
    }
    guard arguments.count > 1, let target = FuzzTarget.all.first(where: { $0.name == arguments[1] })
    else {
        print(
            "usage: fuzz-checkpoint TARGET FILE…, where TARGET is \(names.joined(separator: ", "))")
        exit(64)
    }
    return target
}
