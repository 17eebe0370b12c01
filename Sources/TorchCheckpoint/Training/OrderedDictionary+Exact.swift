import OrderedCollections

// Swift takes names for equal that Python does not: `é` in its two forms.
extension OrderedDictionary where Key == String {
    /// The value under the very code points of a name.
    func exact(_ name: String) -> Value? {
        guard let index = index(forKey: name), keys[index].utf8.elementsEqual(name.utf8) else {
            return nil
        }
        return elements[index].value
    }
}
