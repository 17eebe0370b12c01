import ByteIO
import Pickle

extension CheckpointValue {
    /// The array that this value is; none of its elements are read.
    ///
    /// The Python counterpart is `numpy.ndarray`, and subclasses such as `numpy.matrix`.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` when this is something else;
    ///   ``CheckpointError/Code/invalidValue`` when shape, dtype and bytes do not agree.
    /// - Complexity: O(1) where the pickle has the bytes as they are (protocol 3 and later), else
    ///   O(*n*) in the number of bytes.
    public func numpyArray() throws -> NumPyArray {
        do throws(CheckpointError) {
            if let array = try contents.numPyArray(id) { return array }
            throw mismatch("a numpy.ndarray")
        } catch {
            throw contents.locating(error, at: nil)
        }
    }

    /// The number, text or time of NumPy that this value is, as `numpy.float64`.
    public var numpyScalar: NumPyScalar? { contents.numPyScalar(id) }

    /// The `numpy.dtype` that this value is.
    public var numpyDType: NumPyDType? {
        guard contents.role(ofObject: id) == .numPy(.dtype) else { return nil }
        var reader = NumPyDTypeReader(contents)
        return try? reader.dtype(id)
    }
}

extension CheckpointValue {
    /// A scalar or dtype as NumPy shows it; the class, dtype and shape of an array.
    var numPyRepr: String? {
        switch kind {
        case .numpyScalar: numPyScalarRepr
        case .numpyArray:
            contents.numPySummary(id).map { "<\(typeName) \($0)>" }
                ?? "<invalid numpy.ndarray>"
        default: numpyDType?.pythonRepr
        }
    }

    // One text can be any number of scalars.
    private var numPyScalarRepr: String {
        let length = contents.numPyData(id).map { graph.textLength(of: $0) } ?? 0
        guard length <= PythonObject.maximumTextByteCount else {
            return "<numpy.generic of \(length) bytes>"
        }
        return numpyScalar?.pythonRepr ?? "<invalid numpy.generic>"
    }

    /// The class of an array or scalar.
    var numPyTypeName: GlobalName? {
        switch contents.role(ofObject: id) {
        case .numPy(.frombuffer): return GlobalName(module: "numpy", name: "ndarray")
        case .numPy(.reconstruct):
            return contents.argument(0, of: id).flatMap(graph.global)?.python3
        case .numPy(.scalar):
            return numpyScalar.map { GlobalName(module: "numpy", name: $0.dtype.scalarName) }
        default: return nil
        }
    }
}

extension CheckpointValue {
    /// The elements of an array along its first dimension; nil when it has none.
    ///
    /// - Complexity: O(*n*) in the number of all elements.
    func numPyElements() throws(CheckpointError) -> [CheckpointValue]? {
        guard let array = try contents.numPyArray(id), array.rank > 0 else { return nil }
        if let objects = array.objects { return objects }
        return try array.list().array
    }
}
