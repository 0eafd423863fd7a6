package import Dates
/// What a caller asks the history of posting sets for, as conditions that all must hold.
///
/// A filter given more than once matches any of its values. Source: contract S1-27, A1-14 to A1-17.
package struct HistoryFilter: Sendable, Equatable {
    /// A text of the set compared byte for byte.
    package enum TextField: String, Sendable, CaseIterable {
        case sourceName = "source_name"
        case sourceBatchID = "source_batch_id"
        case billingType = "billing_type"
        case postingType = "posting_type"
        case batchName = "batch_name"
        /// `success` or `failure`.
        case status
    }

    /// A number of the set compared exactly.
    package enum NumberField: String, Sendable, CaseIterable {
        case recordCount = "record_count"
        /// In minor units.
        case totalAmount = "total_amount"
        case transactionsLoaded = "transactions_loaded"
    }

    /// An array of the set, of which one element must match.
    package enum ArrayField: String, Sendable, CaseIterable {
        case failures, transactions
    }

    /// When the set was submitted, in milliseconds since 1970, or its accounting date.
    package enum Moment: Sendable, Equatable {
        case submitted(Range<Int64>)
        case accountingDay(CalendarDay)
        case accountingInstant(Instant)
    }

    package enum Condition: Sendable, Equatable {
        case text(TextField, [String])
        /// An empty list matches nothing: the value asked for cannot stand in a set.
        case number(NumberField, [Int64])
        case batchID([Int64])
        case moment([Moment])
        case element(ArrayField, [String])
    }

    package let conditions: [Condition]
    /// Names that are no filter; ignored, for the log (contract A1-16).
    package let ignored: [String]

    package init(conditions: [Condition], ignored: [String] = []) {
        self.conditions = conditions
        self.ignored = ignored
    }

    /// Whether a condition looks into the stored bodies and not only at columns.
    package var readsBodies: Bool {
        conditions.contains { if case .element = $0 { true } else { false } }
    }
}

/// A known filter with a value of the wrong type (contract A1-16: refused with 400).
package struct FilterFault: Error, Sendable, Equatable {
    package let field: String
    package let message: String

    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}
