internal import CSimdjson
package import Money

/// A posting set without faults, as columns in the memory of its reader and of the document.
///
/// Valid until the reader's next `read`, and as long as the document's bytes stay where they are.
package struct PostingSetView {
    package let header: PostingSetHeader
    /// Keeps the columns alive.
    private let reader: PostingSetReader
    let columns: bursar_set

    init(_ columns: bursar_set, of reader: PostingSetReader) {
        self.columns = columns
        self.reader = reader
        header = PostingSetHeader(
            accountingDate: columns.accounting_date.slice.string,
            accountingDay: columns.accounting_day,
            batchName: columns.batch_name.slice.string,
            postingType: columns.is_commit ? .commit : .trial,
            recordCount: columns.record_count,
            sourceBatchID: columns.source_batch_id.slice.string,
            sourceName: columns.source_name.slice.string,
            totalAmount: Amount(minorUnits: columns.total_amount)
        )
    }

    /// Number of transactions; at least one.
    package var count: Int { columns.count }

    /// Amounts in minor units.
    package var amounts: UnsafeBufferPointer<Int64> {
        UnsafeBufferPointer(start: columns.amounts, count: count)
    }

    /// Business dates as days since 1970: the date part of `source_transaction_date` as written
    /// (contract A1-9).
    package var dates: UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(start: columns.days, count: count)
    }

    /// Canonical: blanks around them gone, ASCII letters in upper case, leading zeros kept; 1 to 64
    /// bytes (contract A1-4).
    package var accountIDs: TextColumn { TextColumn(columns.account_ids, count: count) }

    /// 1 to 16 bytes.
    package var detailCodes: TextColumn { TextColumn(columns.detail_codes, count: count) }

    /// At most 1,000 bytes.
    package var descriptions: TextColumn { TextColumn(columns.descriptions, count: count) }

    /// 1 to 128 bytes.
    package var sourceTransactionIDs: TextColumn {
        TextColumn(columns.source_transaction_ids, count: count)
    }

    /// As the caller wrote them.
    package var sourceTransactionDates: TextColumn {
        TextColumn(columns.source_transaction_dates, count: count)
    }

    /// The sum of all amounts, or nil where it does not fit in 64 bits (fault I-03).
    package func sum() -> Amount? {
        columns.sum_fits ? Amount(minorUnits: columns.sum) : nil
    }
}
