import Pickle

extension PythonClass {
    /// The classes of `datetime`.
    static let times: [PythonClass] = [
        PythonClass("datetime", "datetime", fields: ["", "tzinfo"], isPlain: true) {
            object, writer in
            guard let date = object.value.calendarDate, let time = object.value.timeOfDay else {
                return nil
            }
            let parts = [date.year, date.month, date.day, time.hour, time.minute]
            return "datetime.datetime(\(text(parts, time, object, &writer)))"
        },
        PythonClass("datetime", "date", isPlain: true) { object, _ in
            object.value.calendarDate.map {
                "datetime.date(\($0.year), \($0.month), \($0.day))"
            }
        },
        PythonClass("datetime", "time", fields: ["", "tzinfo"], isPlain: true) { object, writer in
            object.value.timeOfDay.map {
                "datetime.time(\(text([$0.hour, $0.minute], $0, object, &writer)))"
            }
        },
        PythonClass(
            "datetime", "timedelta", fields: ["days", "seconds", "microseconds"], isPlain: true
        ) { object, _ in
            object.value.timeDelta.map { "datetime.timedelta(\($0.arguments))" }
        },
        PythonClass("datetime", "timezone", fields: ["offset", "name"], isPlain: true) {
            object, writer in
            guard let offset = object.value.timeZoneOffset else { return nil }
            let name = object[1].map { ", " + writer.repr($0, in: object) }
            if name == nil, offset.totalSeconds == 0 { return "datetime.timezone.utc" }
            return "datetime.timezone(datetime.timedelta(\(offset.arguments))\(name ?? ""))"
        },
    ]

    static let timeDelta = GlobalName(module: "datetime", name: "timedelta")
    static let timeZone = GlobalName(module: "datetime", name: "timezone")

    /// How many bytes the state of an object has.
    static let timeByteCounts = ["date": 4, "time": 6, "datetime": 10]

    private static func text(
        _ start: [Int], _ time: PythonTime, _ object: PythonObject, _ writer: inout ReprWriter
    ) -> String {
        var parts = start.map { "\($0)" }
        if time.second != 0 || time.microsecond != 0 { parts.append("\(time.second)") }
        if time.microsecond != 0 { parts.append("\(time.microsecond)") }
        var options = time.fold == 0 ? [] : ["fold=\(time.fold)"]
        if time.hasZone, let zone = object[1] {
            // A time has them the other way round.
            let place = start.count == 2 ? 0 : options.count
            options.insert("tzinfo=\(writer.repr(zone, in: object))", at: place)
        }
        return (parts + options).joined(separator: ", ")
    }
}

extension PythonTimeDelta {
    /// As Python's `repr` has it: `days=1, seconds=2`.
    fileprivate var arguments: String {
        let parts = [("days", days), ("seconds", seconds), ("microseconds", microseconds)]
            .filter { $0.1 != 0 }.map { "\($0.0)=\($0.1)" }
        return parts.isEmpty ? "0" : parts.joined(separator: ", ")
    }
}
