/// The formats of checkpoint that can be told apart.
public enum FileFormat: String, Sendable {
    /// The zip archive that `torch.save` has written since torch 1.6.
    case zip
    /// The sequence of pickles that `torch.save` wrote before torch 1.6.
    case legacy
    /// The tar archive of torch 0.1.
    case tar
    /// A zip archive of `torch.jit.save`.
    case torchscript
    /// A safetensors file.
    case safetensors
    /// A pickle without an archive around it.
    case pickle
}
