import Pickle

extension CheckpointValue {
    /// The day of a `datetime.date` or `datetime.datetime`.
    public var calendarDate: PythonDate? {
        guard let bytes = timeBytes, bytes.count != 6, !bytes.isEmpty else { return nil }
        let date = PythonDate(
            year: Int(bytes[0]) << 8 | Int(bytes[1]), month: Int(bytes[2] & 0x7F),
            day: Int(bytes[3]))
        guard 1...9999 ~= date.year, 1...12 ~= date.month, 1...31 ~= date.day else { return nil }
        return date
    }

    /// The time of day of a `datetime.time` or `datetime.datetime`.
    public var timeOfDay: PythonTime? {
        guard let bytes = timeBytes, bytes.count >= 6 else { return nil }
        // The fold is the highest bit of the first byte, which in a datetime is the month.
        let clock = Array(bytes.suffix(6))
        let fold = (bytes.count == 10 ? bytes[2] : bytes[0]) >> 7
        let zone = PythonObject(value: self, depth: 0)[1].flatMap { $0.isNone ? nil : $0 }
        let time = PythonTime(
            hour: Int(bytes.count == 6 ? clock[0] & 0x7F : clock[0]), minute: Int(clock[1]),
            second: Int(clock[2]),
            microsecond: Int(clock[3]) << 16 | Int(clock[4]) << 8 | Int(clock[5]),
            fold: Int(fold), utcOffset: zone?.timeZoneOffset, hasZone: zone != nil)
        guard time.hour < 24, time.minute < 60, time.second < 60, time.microsecond < 1_000_000
        else { return nil }
        return time
    }

    /// The length of a `datetime.timedelta`.
    public var timeDelta: PythonTimeDelta? {
        guard pythonClass?.name == PythonClass.timeDelta else { return nil }
        let arguments = PythonObject(value: self, depth: 0).arguments
        let parts = arguments.compactMap(\.int)
        guard parts.count == arguments.count, parts.count <= 3 else { return nil }
        let all = parts + [0, 0, 0]
        return PythonTimeDelta(days: all[0], seconds: all[1], microseconds: all[2])
    }

    /// How much later than UTC it is in a `datetime.timezone`.
    var timeZoneOffset: PythonTimeDelta? {
        guard pythonClass?.name == PythonClass.timeZone else { return nil }
        return PythonObject(value: self, depth: 0)[0]?.timeDelta
    }

    // datetime objects are made of their state: bytes, which Python 2 writes as its strings.
    private var timeBytes: [UInt8]? {
        guard let known = pythonClass, let count = PythonClass.timeByteCounts[known.name.name],
            known.name.module == "datetime",
            let first = PythonObject(value: self, depth: 0)[0], let bytes = first.bytes,
            bytes.count == count
        else { return nil }
        return bytes
    }
}
