import Pickle

/// The functions and the class by which NumPy pickles arrays.
///
/// NumPy 2 has them in modules with an underscore; they are the same.
enum NumPyRole: Equatable {
    /// `multiarray._reconstruct`: an empty array, which gets its contents as state.
    case reconstruct
    /// `multiarray.scalar`.
    case scalar
    /// `numeric._frombuffer`, of protocol 5.
    case frombuffer
    /// `numpy.dtype`.
    case dtype

    /// Looks a name up; nil for what else there is in NumPy.
    init?(_ name: GlobalName) {
        switch (name.module, name.name) {
        case ("numpy", "dtype"): self = .dtype
        case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"):
            self = .reconstruct
        case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"):
            self = .scalar
        case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"):
            self = .frombuffer
        default: return nil
        }
    }
}
