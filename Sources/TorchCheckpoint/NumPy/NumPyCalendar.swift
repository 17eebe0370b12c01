/// The dates that NumPy's `datetime64` stands for.
enum NumPyCalendar {
    /// The text of a time in a unit since 1970, as NumPy writes it; nil where that is not known.
    static func text(_ count: Int, _ unit: NumPyDType.TimeUnit) -> String? {
        let (ticks, overflow) = count.multipliedReportingOverflow(by: unit.count)
        let (year, isLate) = ticks.addingReportingOverflow(1970)
        guard !overflow, !isLate else { return nil }
        switch unit.name {
        case "Y": return Self.year(year)
        case "M":
            let (years, month) = floorDivision(ticks, 12)
            return "\(Self.year(years + 1970))-\(two(month + 1))"
        case "W":
            let (days, isLate) = ticks.multipliedReportingOverflow(by: 7)
            return isLate ? nil : date(days)
        case "D": return date(ticks)
        default: return clock(ticks, unit.name)
        }
    }

    private static func clock(_ ticks: Int, _ unit: String) -> String? {
        guard let perDay = ticksPerDay[unit] else { return nil }
        let (days, rest) = floorDivision(ticks, perDay)
        guard let date = date(days) else { return nil }
        if unit == "h" { return "\(date)T\(two(rest))" }
        if unit == "m" { return "\(date)T\(two(rest / 60)):\(two(rest % 60))" }
        let perSecond = perDay / 86400
        let seconds = rest / perSecond
        let time = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        guard perSecond > 1 else { return "\(date)T\(time)" }
        let digits = String(perSecond + rest % perSecond).dropFirst()
        return "\(date)T\(time).\(digits)"
    }

    private static let ticksPerDay = [
        "h": 24, "m": 1440, "s": 86400, "ms": 86_400_000, "us": 86_400_000_000,
        "ns": 86_400_000_000_000, "ps": 86_400_000_000_000_000,
    ]

    /// The date so many days after the first of 1970, in the proleptic Gregorian calendar.
    private static func date(_ days: Int) -> String? {
        // Days from the first of March of year 0, in eras of 400 years.
        let (shifted, isLate) = days.addingReportingOverflow(719_468)
        guard !isLate else { return nil }
        let (era, day) = floorDivision(shifted, 146_097)
        let yearOfEra = (day - day / 1460 + day / 36524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * dayOfYear + 2) / 153
        let month = place < 10 ? place + 3 : place - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(Self.year(year))-\(two(month))-\(two(dayOfYear - (153 * place + 2) / 5 + 1))"
    }

    private static func floorDivision(_ value: Int, _ divisor: Int) -> (Int, Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func year(_ year: Int) -> String {
        let digits = String(year.magnitude)
        let sign = year < 0 ? "-" : ""
        return sign + String(repeating: "0", count: max(0, 4 - digits.count - sign.count)) + digits
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
