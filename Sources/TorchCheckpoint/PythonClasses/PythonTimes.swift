/// A day of the Gregorian calendar.
///
/// The Python counterpart is `datetime.date`.
public struct PythonDate: Hashable, Sendable {
    /// The year, from 1 to 9999.
    public let year: Int
    /// The month, from 1 to 12.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int
}

/// A time of day.
///
/// The Python counterpart is `datetime.time`.
public struct PythonTime: Hashable, Sendable {
    /// The hour, from 0 to 23.
    public let hour: Int
    /// The minute.
    public let minute: Int
    /// The second.
    public let second: Int
    /// The microsecond.
    public let microsecond: Int
    /// 1 for the second of two equal times when clocks are set back.
    public let fold: Int
    /// How much later than UTC it is where the time is meant; nil when no zone is given, or one that
    /// is not `datetime.timezone`.
    public let utcOffset: PythonTimeDelta?
    /// Whether the time is one of a zone, known or not.
    public let hasZone: Bool
}

/// A length of time.
///
/// The Python counterpart is `datetime.timedelta`.
public struct PythonTimeDelta: Hashable, Sendable {
    /// The days, which may be negative.
    public let days: Int
    /// The seconds beyond the days, from 0 to 86399.
    public let seconds: Int
    /// The microseconds beyond the seconds, from 0 to 999999.
    public let microseconds: Int

    /// Nil for lengths that Python has none of.
    init?(days: Int, seconds: Int, microseconds: Int) {
        let (carriedSeconds, rest) = Self.carry(microseconds, 1_000_000)
        let (allSeconds, isLarge) = seconds.addingReportingOverflow(carriedSeconds)
        let (carriedDays, second) = Self.carry(allSeconds, 86400)
        let (allDays, isLarger) = days.addingReportingOverflow(carriedDays)
        guard !isLarge, !isLarger, -999_999_999...999_999_999 ~= allDays else { return nil }
        self.days = allDays
        self.seconds = second
        self.microseconds = rest
    }

    /// The whole length in seconds, as `timedelta.total_seconds()`.
    public var totalSeconds: Double {
        Double(days * 86400 + seconds) + Double(microseconds) / 1_000_000
    }

    private static func carry(_ value: Int, _ unit: Int) -> (Int, Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
        return remainder < 0 ? (quotient - 1, remainder + unit) : (quotient, remainder)
    }
}
