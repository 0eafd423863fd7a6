import Money
import PostingSets
import Testing

@Suite("The seed's samples")
struct SeedSampleTests {
    /// Verbatim from "Postings Batches Request".
    static let request = """
        {
            "source_batch_id": "SYSTEM_XYZ_BATCH_123",
            "billing_type": "BANNER",
            "posting_type": "TRIAL",
            "source_name": "SYSTEM_XYZ",
            "batch_name": "SYSTEM_XYZ work order billing",
            "accounting_date": "2018-02-01T04:00:00Z",
            "record_count": 2,
            "total_amount": 7797.94,
            "transactions": [
                {
                    "source_transaction_id": "WO12345",
                    "source_transaction_date": "2017-06-30T04:00:00Z",
                    "account_id": 99999,
                    "detail_code": "A484",
                    "description": "This is a description",
                    "amount": 1198.00
                },
                {
                    "source_transaction_id": "WO12AAAA",
                    "source_transaction_date": "2017-06-30T04:00:00Z",
                    "account_id": 73491,
                    "detail_code": "ABC123",
                    "description": "This is a description",
                    "amount": 6599.94
                }
            ]
        }
        """

    @Test("The sample request is read field by field (contract S1-12, S1-29, S1-41)")
    func request() throws {
        try set(Self.request) { set in
            let header = PostingSetHeader(
                accountingDate: "2018-02-01T04:00:00Z",
                accountingDay: 17_563,
                batchName: "SYSTEM_XYZ work order billing",
                postingType: .trial,
                recordCount: 2,
                sourceBatchID: "SYSTEM_XYZ_BATCH_123",
                sourceName: "SYSTEM_XYZ",
                totalAmount: Amount(minorUnits: 779_794)
            )
            #expect(set.header == header)
            #expect(set.header.billingType == "BANNER")
            #expect(set.count == 2)
            #expect(Array(set.amounts) == [119_800, 659_994])
            #expect(set.sum() == header.totalAmount)
            #expect(set.accountIDs.map(\.string) == ["99999", "73491"])
            #expect(set.detailCodes.map(\.string) == ["A484", "ABC123"])
            #expect(set.descriptions.allSatisfy { $0.string == "This is a description" })
            #expect(set.sourceTransactionIDs.map(\.string) == ["WO12345", "WO12AAAA"])
            #expect(set.sourceTransactionDates.allSatisfy { $0.string == "2017-06-30T04:00:00Z" })
            #expect(Array(set.dates) == [17_347, 17_347])
        }
    }

    @Test("A request of the error sample gives its result, byte for byte without blanks")
    func failure() throws {
        let request = Self.request
            .replacing("1198.00", with: "1198.2")
            .replacing("7797.94", with: "7798.14")
            .replacing("A484", with: "AX84")
            .replacing("73491", with: "99999")
        let result = PostingSetResult(
            batchID: 21_176,
            transactionsLoaded: 1,
            failures: [.init(index: 0, message: "Invalid detail code: AX84")]
        )
        let expected = compact(
            """
            {
                "source_batch_id": "SYSTEM_XYZ_BATCH_123",
                "batch_id": "21176",
                "status": "failure",
                "billing_type": "BANNER",
                "posting_type": "TRIAL",
                "source_name": "SYSTEM_XYZ",
                "batch_name": "SYSTEM_XYZ work order billing",
                "accounting_date": "2018-02-01T04:00:00Z",
                "record_count": 2,
                "total_amount": 7798.14,
                "transactions_loaded": 1,
                "failures": [
                    {
                        "account_id": "99999",
                        "detail_code": "AX84",
                        "description": "This is a description",
                        "reference_number": "WO12345",
                        "amount": 1198.2,
                        "error_message": "Invalid detail code: AX84"
                    }
                ],
                "transactions": [
                    {
                        "amount": 1198.2,
                        "account_id": "99999",
                        "detail_code": "AX84",
                        "source_transaction_id": "WO12345",
                        "source_transaction_date": "2017-06-30T04:00:00Z",
                        "description": "This is a description"
                    },
                    {
                        "amount": 6599.94,
                        "account_id": "99999",
                        "detail_code": "ABC123",
                        "source_transaction_id": "WO12AAAA",
                        "source_transaction_date": "2017-06-30T04:00:00Z",
                        "description": "This is a description"
                    }
                ]
            }
            """
        )
        #expect(try written(request, result) == expected)
    }

    @Test("The sample request gives the result of the complete sample")
    func success() throws {
        let expected = compact(
            """
            {
                "source_batch_id": "SYSTEM_XYZ_BATCH_123",
                "batch_id": "15839",
                "status": "success",
                "billing_type": "BANNER",
                "posting_type": "TRIAL",
                "source_name": "SYSTEM_XYZ",
                "batch_name": "SYSTEM_XYZ work order billing",
                "accounting_date": "2018-02-01T04:00:00Z",
                "record_count": 2,
                "total_amount": 7797.94,
                "transactions_loaded": 2,
                "failures": [],
                "transactions": [
                    {
                        "amount": 1198.0,
                        "account_id": "99999",
                        "detail_code": "A484",
                        "source_transaction_id": "WO12345",
                        "source_transaction_date": "2017-06-30T04:00:00Z",
                        "description": "This is a description"
                    },
                    {
                        "amount": 6599.94,
                        "account_id": "73491",
                        "detail_code": "ABC123",
                        "source_transaction_id": "WO12AAAA",
                        "source_transaction_date": "2017-06-30T04:00:00Z",
                        "description": "This is a description"
                    }
                ]
            }
            """
        )
        let result = PostingSetResult(batchID: 15_839, transactionsLoaded: 2)
        #expect(try written(Self.request, result) == expected)
    }

    private func written(_ request: String, _ result: PostingSetResult) throws -> String {
        try set(request) { set in
            var writer = try PostingSetResultWriter(set, result)
            var bytes: [UInt8] = []
            writer.append(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The text without the blanks of its layout.
    private func compact(_ text: String) -> String {
        text.split(separator: "\n")
            .map { $0.drop { $0 == " " }.replacing("\": ", with: "\":") }
            .joined()
    }
}
