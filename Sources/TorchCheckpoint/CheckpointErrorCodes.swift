// The codes of the layer that makes checkpoints of archives, pickles and tensors.
extension CheckpointError.Code {
    /// The file is none of the formats that are read.
    public static let unrecognizedFormat = Self(rawValue: "unrecognizedFormat")
    /// The file is in a known format that is not read.
    public static let unsupportedFormat = Self(rawValue: "unsupportedFormat")
    /// The pickle names a class or function that the policy does not accept.
    public static let forbiddenGlobal = Self(rawValue: "forbiddenGlobal")
    /// `torch.load(weights_only=True)` refuses the file for another reason than a name.
    public static let refusedByWeightsOnly = Self(rawValue: "refusedByWeightsOnly")
    /// A record of an archive that has to be JSON is none, or has other fields than it should.
    public static let malformedJSON = Self(rawValue: "malformedJSON")
    /// There is nothing at the given place in the object graph.
    public static let keyNotFound = Self(rawValue: "keyNotFound")
    /// What is at the given place is of another kind than was asked for.
    public static let typeMismatch = Self(rawValue: "typeMismatch")
    /// A Swift type does not take the value that is there, or does not encode itself in a way that
    /// makes sense.
    public static let invalidValue = Self(rawValue: "invalidValue")
    /// Two tensors would have the same name in the file that is written.
    public static let duplicateName = Self(rawValue: "duplicateName")
    /// A persistent id does not describe a storage, or contradicts its record.
    public static let invalidStorage = Self(rawValue: "invalidStorage")
    /// A state dict does not fit the model that it is to be loaded into.
    public static let incompatibleStateDict = Self(rawValue: "incompatibleStateDict")
    /// A metric, an epoch or a file extension can't be part of the names of a folder's checkpoints.
    public static let invalidCheckpointName = Self(rawValue: "invalidCheckpointName")
    /// A folder has checkpoints, and all of them are damaged.
    public static let noWholeCheckpoint = Self(rawValue: "noWholeCheckpoint")
}
