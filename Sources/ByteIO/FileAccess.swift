/// How the bytes of a file come into memory.
///
/// What each promises when a file is changed while it is in use: `Specs/faults.md`. The Python
/// counterpart is the argument `mmap` of `torch.load`.
public enum FileAccess: String, CaseIterable, Sendable {
    /// The file is mapped: nothing is read before it is needed, and memory is shared with the
    /// system's cache.
    ///
    /// A file that another program cuts short while it is in use, or that its disk no longer gives,
    /// can end the process (`SIGBUS`).
    case mapped
    /// The file is read into memory of its own when it is opened, as many bytes as it has.
    ///
    /// What happens to the file afterwards makes no difference. A file that changes size or is
    /// written to meanwhile, and one that can't be read, is an error of opening.
    case buffered
}
