import Foundation
import FuzzTargets

#if !FUZZING
    /// Runs files through a target, one after another: `fuzz-checkpoint TARGET FILE…`.
    ///
    /// With libFuzzer, the program begins in its `main`, and takes files too.
    @main enum Replaying {
        static func main() {
            let arguments = CommandLine.arguments
            let target = chosenTarget(arguments)
            for path in arguments.dropFirst(2) {
                guard let bytes = FileManager.default.contents(atPath: path) else {
                    print("\(path) can't be read")
                    exit(1)
                }
                print(path)
                target.run(Array(bytes))
            }
        }
    }
#endif
