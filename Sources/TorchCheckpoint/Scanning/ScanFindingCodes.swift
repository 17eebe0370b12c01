extension ScanFinding.Code {
    // What a pickle names and calls.

    /// A class or function is named that is known to do harm.
    public static let dangerousGlobal = Self(rawValue: "dangerousGlobal")
    /// The name of a class or function is computed while the pickle is loaded.
    public static let computedName = Self(rawValue: "computedName")
    /// A class or function is named that `weights_only` does not accept and nobody knows.
    public static let unknownGlobal = Self(rawValue: "unknownGlobal")
    /// What is called is the result of another call.
    public static let computedCall = Self(rawValue: "computedCall")

    // What can't be read to the end, or is not where it is looked for.

    /// A pickle can't be read up to its end; Python runs what stands before.
    public static let unreadablePickle = Self(rawValue: "unreadablePickle")
    /// Bytes follow behind the end of a pickle or an archive.
    public static let trailingData = Self(rawValue: "trailingData")
    /// A pickle is where `torch.load` does not look for one.
    public static let hiddenPickle = Self(rawValue: "hiddenPickle")
    /// Instructions cross the end of a frame, which Python's two unpicklers read differently.
    public static let frameBoundary = Self(rawValue: "frameBoundary")
    /// A limit of ``ScanLimits`` was reached, so that not everything was looked at.
    public static let limitReached = Self(rawValue: "limitReached")
    /// This library does not read the file, or a tensor in it.
    public static let refused = Self(rawValue: "refused")

    // What readers of archives differ on.

    /// Two entries have one name, or names that differ in case only.
    public static let duplicateRecord = Self(rawValue: "duplicateRecord")
    /// Headers of an archive contradict each other, or there are several directories.
    public static let contradictoryHeaders = Self(rawValue: "contradictoryHeaders")
    /// Entries of an archive share bytes.
    public static let overlappingRecords = Self(rawValue: "overlappingRecords")
    /// The contents of an entry have another checksum than is said.
    public static let checksumMismatch = Self(rawValue: "checksumMismatch")
    /// An entry is encrypted, or is said to be.
    public static let encryptedRecord = Self(rawValue: "encryptedRecord")
    /// An entry is compressed by a method that is not read here.
    public static let unsupportedCompression = Self(rawValue: "unsupportedCompression")
    /// An archive or an entry is damaged.
    public static let damagedArchive = Self(rawValue: "damagedArchive")
    /// An archive does not begin where the file does.
    public static let prefixedArchive = Self(rawValue: "prefixedArchive")
    /// The file is a file of another format too.
    public static let polyglot = Self(rawValue: "polyglot")
    /// An archive has bytes or entries that its directory does not list.
    public static let unlistedData = Self(rawValue: "unlistedData")
    /// A name of an entry leads out of the folder that it is unpacked into.
    public static let unsafePath = Self(rawValue: "unsafePath")
    /// A storage would be misread by `torch.load(mmap=True)`.
    public static let mmapUnsafe = Self(rawValue: "mmapUnsafe")

    /// Code of TorchScript runs when the file is loaded: its model has `__setstate__`.
    public static let scriptOnLoad = Self(rawValue: "scriptOnLoad")
    /// Code of TorchScript writes files.
    public static let dangerousScript = Self(rawValue: "dangerousScript")

    /// `torch.export.load` evaluates an expression that is more than sizes.
    public static let computedExpression = Self(rawValue: "computedExpression")

    // What is good to know.

    /// The archive has code of TorchScript, which runs when its model is called.
    public static let scriptCode = Self(rawValue: "scriptCode")
}

extension ScanFinding.Code {
    /// How bad a finding of this code is.
    var severity: ScanFinding.Severity {
        switch self {
        case .dangerousGlobal, .computedName, .computedExpression, .dangerousScript: .danger
        case .scriptCode: .note
        default: .warning
        }
    }
}
