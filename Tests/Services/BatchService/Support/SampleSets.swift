import NIOCore

/// Bodies in the shape of seed 001, with defaults: a test sets what it is about.
struct SampleSet {
    struct Row {
        var id = "WO12345"
        var account = "99999"
        var code = "A484"
        var amount = "1198.00"
    }

    var sourceBatchID = "SYSTEM_XYZ_BATCH_123"
    var sourceName = "SYSTEM_XYZ"
    var batchName = "SYSTEM_XYZ work order billing"
    var postingType = "TRIAL"
    var accountingDate = "2018-02-01T04:00:00Z"
    var recordCount: Int?
    var totalAmount = "1198.00"
    var rows = [Row()]

    /// The seed's sample request.
    static let seed = SampleSet(
        totalAmount: "7797.94",
        rows: [
            Row(account: "99999"),
            Row(id: "WO12AAAA", account: "73491", code: "ABC123", amount: "6599.94"),
        ]
    )

    /// A set of many transactions, each of 1.00.
    static func large(_ count: Int, id: String = "L") -> SampleSet {
        SampleSet(
            totalAmount: "\(count).00",
            rows: (0..<count).map { Row(id: "\(id)-\($0)", amount: "1.00") }
        )
    }

    var text: String {
        let transactions = rows.map { row in
            """
            {"source_transaction_id":"\(row.id)",\
            "source_transaction_date":"2017-06-30T04:00:00Z","account_id":\(row.account),\
            "detail_code":"\(row.code)","description":"This is a description",\
            "amount":\(row.amount)}
            """
        }
        return """
            {"source_batch_id":"\(sourceBatchID)","billing_type":"BANNER",\
            "posting_type":"\(postingType)","source_name":"\(sourceName)",\
            "batch_name":"\(batchName)","accounting_date":"\(accountingDate)",\
            "record_count":\(recordCount ?? rows.count),"total_amount":\(totalAmount),\
            "transactions":[\(transactions.joined(separator: ","))]}
            """
    }

    var body: ByteBuffer { ByteBuffer(string: text) }
}

/// A body that arrives in pieces of one size.
struct Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let body: ByteBuffer
    var size = 16 << 10
    /// Bytes after which the sender is gone.
    var brokenAfter: Int?

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ByteBuffer
        let size: Int
        let end: Int

        mutating func next() async throws -> ByteBuffer? {
            if rest.readerIndex >= end { throw CancellationError() }
            return rest.readableBytes == 0
                ? nil : rest.readSlice(length: Swift.min(size, rest.readableBytes))
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(rest: body, size: size, end: brokenAfter ?? .max)
    }
}
