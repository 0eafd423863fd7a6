package import Nacha

extension CivilDate {
    /// The day written YYYY-MM-DD, for tables in tests; an impossible one stops the test.
    package static func on(_ iso: String) -> CivilDate {
        guard let date = CivilDate(iso: iso) else { preconditionFailure("no such day: \(iso)") }
        return date
    }
}

extension TimeOfDay {
    /// The time written HHMM, for tables in tests; an impossible one stops the test.
    package static func at(_ hhmm: String) -> TimeOfDay {
        guard let time = TimeOfDay(hhmm: hhmm.utf8) else {
            preconditionFailure("no such time: \(hhmm)")
        }
        return time
    }
}
