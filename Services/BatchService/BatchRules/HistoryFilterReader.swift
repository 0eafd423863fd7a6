package import Dates
extension HistoryFilter {
    /// Largest number of values of all filters together.
    package static let maximumValues = 100
    /// Longest value in bytes.
    package static let maximumValueBytes = 1_024

    package enum Outcome: Sendable, Equatable {
        case filter(HistoryFilter)
        case faults([FilterFault])
    }

    /// Reads the query's parameters.
    ///
    /// - Parameters:
    ///   - parameters: every name with the values that it was given, in order.
    ///   - bounds: the first millisecond of a day in the business time zone, and that of the next.
    /// - Returns: the filter, or every fault of the query.
    package static func read(
        _ parameters: [String: [String]],
        bounds: (CalendarDay) -> Range<Int64>
    )
        -> Outcome
    {
        var conditions: [Condition] = []
        var faults: [FilterFault] = []
        var ignored: [String] = []
        for (name, values) in parameters.sorted(by: { $0.key < $1.key }) {
            do {
                if let condition = try condition(name, values, bounds: bounds) {
                    conditions.append(condition)
                } else {
                    ignored.append(name)
                }
            } catch {
                faults.append(error)
            }
        }
        if parameters.values.reduce(0, { $0 + $1.count }) > maximumValues {
            faults.append(
                FilterFault(field: "", message: "At most \(maximumValues) filter values.")
            )
        }
        guard faults.isEmpty else { return .faults(faults) }
        return .filter(HistoryFilter(conditions: conditions, ignored: ignored))
    }

    private static func condition(
        _ name: String,
        _ values: [String],
        bounds: (CalendarDay) -> Range<Int64>
    )
        throws(FilterFault) -> Condition?
    {
        guard values.allSatisfy({ $0.utf8.count <= maximumValueBytes }) else {
            throw FilterFault(field: name, message: "At most \(maximumValueBytes) bytes.")
        }
        if let field = TextField(rawValue: name) { return .text(field, values) }
        if let field = NumberField(rawValue: name) {
            return .number(field, try numbers(values, of: field))
        }
        if let field = ArrayField(rawValue: name) { return element(field, values) }
        switch name {
        case "batch_id": return .batchID(values.compactMap(batchID))
        case "submit_date":
            return .moment(try dates(values, of: name).map { submitted($0, bounds: bounds) })
        case "accounting_date": return .moment(try dates(values, of: name).map(accounting))
        default: return nil
        }
    }

    private static func numbers(
        _ values: [String],
        of field: NumberField
    )
        throws(FilterFault) -> [Int64]
    {
        var numbers: [Int64] = []
        for value in values {
            guard let number = WrittenNumber(value) else {
                throw FilterFault(field: field.rawValue, message: "Not a number.")
            }
            if let exact = number.scaled(places: field == .totalAmount ? 2 : 0) {
                numbers.append(exact)
            }
        }
        return numbers
    }

    private static func dates(
        _ values: [String],
        of name: String
    )
        throws(FilterFault) -> [WrittenDate]
    {
        var dates: [WrittenDate] = []
        for value in values {
            guard let date = WrittenDate(value) else {
                throw FilterFault(
                    field: name,
                    message: "Not an ISO 8601 date: 2018-02-01 or 2018-02-01T04:00:00Z."
                )
            }
            dates.append(date)
        }
        return dates
    }

    /// A day in the business zone, or one instant (contract A1-17).
    private static func submitted(
        _ date: WrittenDate,
        bounds: (CalendarDay) -> Range<Int64>
    )
        -> Moment
    {
        guard let instant = date.instant else { return .submitted(bounds(date.day)) }
        return .submitted(instant.milliseconds..<instant.milliseconds + 1)
    }

    /// A date alone asks for the day as the set's sender wrote it; a date-time for the same instant,
    /// however written.
    private static func accounting(_ date: WrittenDate) -> Moment {
        guard let instant = date.instant else { return .accountingDay(date.day) }
        return .accountingInstant(instant)
    }

    /// A set's number as it is printed; anything else is the number of no set.
    private static func batchID(_ value: String) -> Int64? {
        guard let number = Int64(value), number > 0, String(number) == value else { return nil }
        return number
    }

    /// Values that are JSON arrays or objects have no agreed meaning and are ignored (A1-14).
    private static func element(_ field: ArrayField, _ values: [String]) -> Condition? {
        let plain = values.filter { !$0.hasPrefix("[") && !$0.hasPrefix("{") }
        return plain.isEmpty ? nil : .element(field, plain)
    }
}
