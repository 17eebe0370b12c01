public import Foundation

extension CheckpointValue {
    /// The moment that a `datetime.datetime` is; a `datetime.date` is its midnight.
    ///
    /// What has no zone is taken for UTC. Nil for a zone that is not `datetime.timezone`: what it
    /// means is in the code of its class. ``calendarDate`` and ``timeOfDay`` have the parts.
    public var date: Date? {
        guard let day = calendarDate else { return nil }
        let time = timeOfDay
        if let time, time.hasZone, time.utcOffset == nil { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let midnight = calendar.date(
            from: DateComponents(year: day.year, month: day.month, day: day.day))
        guard let midnight, let time else { return midnight }
        let seconds = time.hour * 3600 + time.minute * 60 + time.second
        let offset = time.utcOffset?.totalSeconds ?? 0
        return midnight.addingTimeInterval(
            Double(seconds) - offset + Double(time.microsecond) / 1_000_000)
    }
}
