import NIOConcurrencyHelpers
import Protocol
import Storage
import Testing

@testable import Bookkeeping
@testable import Students

@Suite("Faults of an unscheduled payment")
struct PaymentFaultTests {
    struct Case: Sendable {
        var changes: [String: String?]
        var expected: [String]

        init(_ changes: [String: String?], _ expected: String...) {
            self.changes = changes
            self.expected = expected
        }
    }

    static let required = [
        "academicYearSequence", "awardYear", "bankAccountId", "description", "fundSourceId",
        "paymentMode", "paymentType", "studentAcademicYearId", "studentEnrollmentPeriodId",
        "studentId", "transactionAmount", "transactionDate",
    ]

    @Test(
        "S2-8: each required property that is missing or null is named alone",
        arguments: required
    )
    func missing(name: String) async throws {
        let desk = try await StudentDesk.make()
        for value in [nil, "null"] as [String?] {
            try await expect(Case([name: value], "missing \(name)"), desk)
        }
    }

    @Test("S2-9: where cashiering is on, drawer, session and cashier are required too")
    func cashiering() async throws {
        let desk = try await StudentDesk.make()
        for name in ["cashDrawerId", "cashDrawerSessionId", "cashierUserId"] {
            try await expect(Case([name: nil], "missing \(name)"), desk)
        }
    }

    static let broken: [Case] = [
        Case(["academicYearSequence": #""2""#], "wrong_type academicYearSequence"),
        Case(["academicYearSequence": "0"], "out_of_range academicYearSequence"),
        Case(["academicYearSequence": "3"], "sequence_differs academicYearSequence"),
        Case(["awardYear": #""2023""#], "malformed awardYear"),
        Case(["awardYear": #""2023/24""#], "malformed awardYear"),
        Case(["awardYear": #""2023-25""#], "award_year_not_consecutive awardYear"),
        Case(["awardYear": "2023"], "wrong_type awardYear"),
        Case(["bankAccountId": "99"], "unknown_bank_account bankAccountId"),
        Case(["bankAccountId": "2"], "bank_of_other_campus bankAccountId"),
        Case(["description": #""  ""#], "missing description"),
        Case(["description": #""a\u0000b""#], "malformed description"),
        Case(["fundSourceId": "99"], "unknown_fund_source fundSourceId"),
        Case(["fundSourceId": "1.5"], "wrong_type fundSourceId"),
        Case(["paymentMode": "1"], "payment_mode_unsupported paymentMode"),
        Case(["paymentType": #""X""#], "unknown_value paymentType"),
        Case(["paymentType": #""h""#], "unknown_value paymentType"),
        Case(["studentAcademicYearId": "999"], "unknown_academic_year studentAcademicYearId"),
        Case(
            ["studentAcademicYearId": "720", "academicYearSequence": "1"],
            "academic_year_of_other_student studentAcademicYearId"
        ),
        Case(
            ["studentEnrollmentPeriodId": "999"],
            "unknown_enrollment_period studentEnrollmentPeriodId"
        ),
        Case(
            ["studentEnrollmentPeriodId": "265", "bankAccountId": "2"],
            "enrollment_period_of_other_student studentEnrollmentPeriodId"
        ),
        Case(["studentId": "1"], "unknown_student studentId"),
        Case(["transactionAmount": "0"], "not_positive transactionAmount"),
        Case(["transactionAmount": "-5"], "not_positive transactionAmount"),
        Case(["transactionAmount": "1.005"], "too_many_decimals transactionAmount"),
        Case(["transactionAmount": "1e40"], "out_of_range transactionAmount"),
        Case(["transactionAmount": #""250.00""#], "wrong_type transactionAmount"),
        Case(["transactionDate": #""2024/09/01 00:00:01""#], "not_midnight transactionDate"),
        Case(["transactionDate": #""2024-09-01T12:00:00Z""#], "not_midnight transactionDate"),
        Case(["transactionDate": #""2024/02/30 00:00:00""#], "malformed transactionDate"),
        Case(["transactionDate": #""09/01/2024""#], "malformed transactionDate"),
        Case(["isNewPaymentSuccessful": "0"], "payment_not_successful isNewPaymentSuccessful"),
        Case(["isNewPaymentSuccessful": "false"], "payment_not_successful isNewPaymentSuccessful"),
        Case(["ignoreTermRequired": #""yes""#], "wrong_type ignoreTermRequired"),
        Case(["termId": #""Fall""#], "wrong_type termId"),
        Case(["cashDrawerId": #""x""#], "wrong_type cashDrawerId"),
        Case(["cashierUserId": "42"], "unknown_cashier cashierUserId"),
        Case(["cashierUserId": "3188"], "not_a_cashier cashierUserId"),
        Case(["cashierUserId": "3187"], "cashier_is_another cashierUserId"),
        Case(["colour": "1"], "unknown_property colour"),
        Case(["StudentId": "50090"], "duplicate_property studentId"),
        Case(["checkNumber": "7"], "wrong_type checkNumber"),
    ]

    @Test("Each rule that is broken is told by itself, and nothing is written", arguments: broken)
    func rule(one: Case) async throws {
        try await expect(one, try await StudentDesk.make())
    }

    @Test("An inactive account and one with an alert code take no payment")
    func account() async throws {
        try await expect(
            Case(
                [
                    "academicYearSequence": "1", "bankAccountId": "2",
                    "studentAcademicYearId": "722", "studentEnrollmentPeriodId": "267",
                    "studentId": "50093",
                ],
                "account_inactive studentId",
                "account_alert studentId"
            ),
            try await StudentDesk.make()
        )
    }

    @Test("S2-20: a term is required by the setting, unless the request overrides it")
    func term() async throws {
        let desk = try await StudentDesk.make()
        #expect(try await desk.post(Sample.body(["termId": nil])).status == 200)
        try await desk.ledger.store.write {
            try LedgerSetting.requireTermCodes.put(.truth(true), in: $0)
        }
        try await expect(Case(["termId": nil], "term_required termId"), desk)
        let ignoring = Sample.body(["termId": nil, "ignoreTermRequired": "1"])
        #expect(try await desk.post(ignoring).status == 200)
        #expect(try await desk.post(Sample.verbatim).status == 200)
    }

    @Test("A2-10: another cashier is taken from a caller whose role acts for others")
    func anotherCashier() async throws {
        let desk = try await StudentDesk.make()
        let answer = try await desk.post(
            Sample.body(["cashierUserId": "3187"]),
            desk.caller(actsForOthers: true)
        )
        #expect(answer.status == 200, "\(answer.text)")
        _ = try await desk.handover.handOverOldest()
        #expect(desk.batches.state.received.first?.username == "bob")
    }

    @Test("What batch-service finds in the drawer stands among the other faults")
    func drawer() async throws {
        let desk = try await StudentDesk.make()
        desk.batches.change {
            $0.faults = [
                .init(field: "CashDrawerSessionId", code: "session_closed", message: "Closed.")
            ]
        }
        try await expect(Case([:], "session_closed cashDrawerSessionId"), desk)
        #expect(desk.batches.state.reserved.last?.isCheckOnly == false)
        try await expect(
            Case(
                ["paymentMode": "1"],
                "payment_mode_unsupported paymentMode",
                "session_closed cashDrawerSessionId"
            ),
            desk
        )
        #expect(desk.batches.state.reserved.last?.isCheckOnly == true)
    }

    @Test("A session of another drawer is one fault, whoever its cashier is")
    func otherDrawer() async throws {
        let desk = try await StudentDesk.make()
        desk.batches.change {
            $0.faults = [
                .init(field: "cashDrawerSessionId", code: "wrong_drawer", message: "Other."),
                .init(field: "cashierUserId", code: "wrong_cashier", message: "Other."),
            ]
        }
        try await expect(Case([:], "wrong_drawer cashDrawerSessionId"), desk)
        desk.batches.change { $0.faults.removeFirst() }
        try await expect(Case([:], "wrong_cashier cashierUserId"), desk)
    }

    @Test("A session alone is looked at too, and so is a drawer with an amount that cannot be read")
    func drawerAlone() async throws {
        let desk = try await StudentDesk.make()
        desk.batches.change {
            $0.faults = [.init(field: "cashDrawerSessionId", code: "not_open", message: "Closed.")]
        }
        try await expect(
            Case(
                ["cashDrawerId": nil, "transactionAmount": "0"],
                "not_positive transactionAmount",
                "missing cashDrawerId",
                "not_open cashDrawerSessionId"
            ),
            desk
        )
        let asked = try #require(desk.batches.state.reserved.last)
        #expect(asked.isCheckOnly && asked.cashDrawerID == nil && asked.amountMinorUnits == 1)
        desk.batches.change { $0.faults = [] }
        try await expect(Case(["cashierUserId": "3187"], "cashier_is_another cashierUserId"), desk)
        #expect(desk.refusals.withLockedValue { $0 } == ["cashier_is_another"])
    }

    @Test("A request full of unknown properties is answered within bounds")
    func manyUnknown() async throws {
        let desk = try await StudentDesk.make()
        let names = (0..<5_000).map { "\"p\($0)\": 1" }.joined(separator: ",")
        let answer = try await desk.post("{\(names)}")
        #expect(answer.notifications.filter { $0.hasPrefix("unknown_property") }.count == 51)
    }

    @Test("Every property broken at once is every fault at once, and nothing is written")
    func allAtOnce() async throws {
        let desk = try await StudentDesk.make()
        try await desk.ledger.store.write {
            try LedgerSetting.requireTermCodes.put(.truth(true), in: $0)
        }
        let nothing = try await desk.post("{}")
        #expect(
            nothing.notifications == Self.required.map { "missing \($0)" } + [
                "term_required termId"
            ]
        )
        try await expect(
            Case(
                [
                    "academicYearSequence": "3", "awardYear": #""2023-25""#, "bankAccountId": "2",
                    "description": "5", "fundSourceId": "99", "paymentMode": "3",
                    "paymentType": #""Z""#, "transactionAmount": "0",
                    "transactionDate": #""2024/09/01 10:00:00""#, "isNewPaymentSuccessful": "0",
                    "termId": nil, "cashDrawerId": nil, "cashDrawerSessionId": nil,
                    "cashierUserId": "42", "colour": "1", "rowVersion": "7",
                    "authorizationNumber": #""A""#,
                ],
                "award_year_not_consecutive awardYear",
                "wrong_type description",
                "payment_mode_unsupported paymentMode",
                "unknown_value paymentType",
                "not_positive transactionAmount",
                "not_midnight transactionDate",
                "payment_not_successful isNewPaymentSuccessful",
                "unknown_property colour",
                "sequence_differs academicYearSequence",
                "bank_of_other_campus bankAccountId",
                "unknown_fund_source fundSourceId",
                "term_required termId",
                "missing cashDrawerId",
                "missing cashDrawerSessionId",
                "unknown_cashier cashierUserId"
            ),
            desk
        )
    }

    @Test(
        "A2-18: properties of the published entity that mean nothing here are passed over",
        arguments: [
            "id", "RowVersion", "entityState", "authorizationNumber", "StudentCreditCardId",
        ]
    )
    func ignored(name: String) async throws {
        let desk = try await StudentDesk.make()
        #expect(try await desk.post(Sample.body([name: "-1"])).status == 200)
    }

    @Test(
        "A body that is no object of properties is a fault of its own",
        arguments: [
            ("", "malformed"), ("[]", "wrong_type"), (#"{"payload": 5}"#, "wrong_type payload"),
            (#"{"a": 1, "a": 2}"#, "duplicate_key a"), ("{", "malformed"),
            (#"{"payload": {}, "more": 1}"#, "unknown_property more"),
        ]
    )
    func bodies(text: String, expected: String) async throws {
        let desk = try await StudentDesk.make()
        let answer = try await desk.post(text)
        #expect(answer.status == 400)
        #expect(answer.notifications == [expected])
    }

    /// Exactly these notifications, the flags that go with them, and no row more.
    private func expect(
        _ one: Case,
        _ desk: StudentDesk,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try await desk.counts()
        let answer = try await desk.post(Sample.body(one.changes))
        #expect(answer.status == 400, sourceLocation: sourceLocation)
        #expect(answer.notifications == one.expected, sourceLocation: sourceLocation)
        #expect(
            answer.flags == ["hasError", "hasValidationError"],
            sourceLocation: sourceLocation
        )
        #expect(answer.entity == nil, sourceLocation: sourceLocation)
        #expect(try await desk.counts() == before, sourceLocation: sourceLocation)
    }
}
