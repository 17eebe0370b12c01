@_exported public import ByteIO
@_exported public import Pickle
@_exported public import Safetensors
@_exported public import Tensors
@_exported public import ZipArchive

// Users import TorchCheckpoint alone; the layers below come with it.
@_exported public import struct BigInt.BigInt
@_exported public import struct ComplexModule.Complex
@_exported public import struct OrderedCollections.OrderedDictionary
@_exported public import struct SystemPackage.FilePath
