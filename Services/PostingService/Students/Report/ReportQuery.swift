import Protocol

/// What a 90/10 report is asked for; every value is a text, as in a query.
struct ReportQuery {
    var campus: Int64
    var year: Int
    var format: ReportFormat

    init(_ bytes: UnsafeRawBufferPointer) throws(RPCError) {
        var fields = try FieldReader(bytes)
        let campus = Self.number("campus_id", &fields)
        let year = Self.number("fiscal_year", &fields)
        let format =
            fields.node("format") == nil
            ? ReportFormat.json : fields.word("format", as: ReportFormat.self)
        try fields.finish()
        guard let campus, let year, let format else { throw .internal }
        self.campus = campus
        self.year = Int(year)
        self.format = format
    }

    /// A whole number above zero; nil only where a fault was noted.
    private static func number(_ name: String, _ fields: inout FieldReader) -> Int64? {
        guard let text = fields.string(name, required: true) else { return nil }
        guard let number = Int64(text), number > 0 else {
            fields.fail(name, "malformed", "\(name) is a whole number above zero.")
            return nil
        }
        return number
    }
}

extension RPCError {
    /// A parameter that has none of its words.
    static func unknownValue(_ name: String, _ words: [String]) -> RPCError {
        .invalid([
            .init(
                field: "/\(name)",
                code: "unknown_value",
                message: "\(name) is one of \(words.joined(separator: ", "))."
            )
        ])
    }
}
