import Pickle
import TorchCheckpoint

/// Holds that what was loaded can be saved and is then loaded as what it was: as it is, and with the
/// root set anew, so that every record is written.
func checkRoundTrips(of checkpoint: Checkpoint) {
    checkSaving(of: checkpoint, .preserved)
    var edited = checkpoint
    guard attempt({ try edited.set(edited.root, at: []) }) != nil else { return }
    for layout in [SaveOptions.Layout.preserved, .current, .legacy] {
        guard let (saved, loaded) = checkSaving(of: edited, layout) else { continue }
        checkSavingAgain(of: loaded, saved, layout)
    }
    checkEdit(of: checkpoint)
}

@discardableResult
private func checkSaving(
    of checkpoint: Checkpoint, _ layout: SaveOptions.Layout
) -> (saved: [UInt8], loaded: Checkpoint)? {
    let options = SaveOptions(layout: layout, globals: .inert)
    guard let saved = attempt({ try checkpoint.serialized(options: options) }) else { return nil }
    let encoding = LoadOptions(encoding: checkpoint.graph.encoding)
    let loaded: Checkpoint
    do {
        loaded = try Checkpoint(bytes: saved, options: encoding)
    } catch {
        broken("what is saved as \(layout) loads: \(error)")
    }
    if let difference = difference(checkpoint, loaded, layout) {
        broken("what is saved as \(layout) loads as it was, but \(difference)")
    }
    return (saved, loaded)
}

/// Written twice, a file is the same.
private func checkSavingAgain(
    of loaded: Checkpoint, _ saved: [UInt8], _ layout: SaveOptions.Layout
) {
    var edited = loaded
    do {
        try edited.set(edited.root, at: [])
        let again = try edited.serialized(options: SaveOptions(layout: layout, globals: .inert))
        promise(again == saved, "what was saved as \(layout) is saved as it was")
    } catch {
        broken("what was saved as \(layout) can be saved again: \(error)")
    }
}

/// An edit is there after saving.
private func checkEdit(of checkpoint: Checkpoint) {
    let note = CheckpointValue("noted")
    guard let wrapped = attempt({ try CheckpointValue.list([checkpoint.root, note]) }),
        let edited = attempt({ try Checkpoint(wrapped) }),
        let (_, loaded) = checkSaving(of: edited, .preserved)
    else { return }
    promise(loaded[1]?.string == "noted", "an edit is saved")
}

private func difference(
    _ before: Checkpoint, _ after: Checkpoint, _ layout: SaveOptions.Layout
) -> String? {
    // There, tensors of some dtypes are other calls too.
    if layout == .legacy { return differenceOfTensors(before, after) }
    var keys: [ObjectIdentifier: ObjectIdentifier] = [:]
    var comparison = GraphComparison(before.graph, after.graph) { old, new in
        let (first, second) = (before.root.value(old), after.root.value(new))
        guard let left = first.storage, let right = second.storage else {
            return (first.storage == nil) == (second.storage == nil)
        }
        let id = ObjectIdentifier(right)
        guard keys.updateValue(id, forKey: ObjectIdentifier(left)) ?? id == id else { return false }
        // A legacy file has another class for storages of some dtypes; their tensors are compared.
        let isSameClass = first.storageDType == second.storageDType || after.format == .legacy
        return left.device == right.device && isSameClass
            && (left.byteOrder != right.byteOrder
                || attempt { try left.bytes() } == attempt { try right.bytes() })
    }
    return comparison.difference() ?? differenceOfTensors(before, after)
}
