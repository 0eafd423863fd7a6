import FoundationEssentials
import Money
import Testing

@testable import Protocol

@Suite("Bodies that go with every payment")
struct PaymentWireTests {
    private static let record = PaymentOperation(
        paymentID: 7,
        kind: .record,
        batchID: 3,
        accountID: "A\"1\\",
        amountMinorUnits: .max,
        paymentType: .check,
        date: 20_782,
        description: "line\nbreak, “quotes” and ü"
    )
    private static let charge = PaymentOperation(
        paymentID: 8,
        kind: .charge,
        batchID: 3,
        accountID: "99999",
        amountMinorUnits: .min,
        paymentType: .other,
        date: -1,
        description: "",
        ledgerEntryID: 1,
        reversesLedgerEntryID: 2,
        detailCode: "NSF1"
    )

    @Test("What is written by hand is what Codable reads, and is read back")
    func operations() throws {
        let body = ApplyPayments(operations: [Self.record, Self.charge])
        let bytes = body.encoded()
        #expect(try JSONDecoder().decode(ApplyPayments.self, from: Data(bytes)) == body)
        #expect(try bytes.withUnsafeBytes { try ApplyPayments.read($0) } == body)
        let none = ApplyPayments(operations: [])
        #expect(try none.encoded().withUnsafeBytes { try ApplyPayments.read($0) } == none)
    }

    @Test("Lists of numbers, accounts and checks are read back")
    func lists() throws {
        let applied = AppliedPayments(entryIDs: [1, .max, 0])
        #expect(try applied.encoded().withUnsafeBytes { try AppliedPayments.read($0) } == applied)
        let asked = CheckAccounts(accountIDs: ["99999", "é\u{1}"])
        #expect(try asked.encoded().withUnsafeBytes { try CheckAccounts.read($0) } == asked)
        let checks = [
            AccountCheck(accountID: "99999", inactive: false, alertCode: nil, warningCode: "W"),
            AccountCheck(accountID: nil, inactive: false, alertCode: nil, warningCode: nil),
            AccountCheck(accountID: "1", inactive: true, alertCode: "A", warningCode: nil),
        ]
        let bytes = AccountCheck.encoded(checks)
        #expect(try JSONDecoder().decode([AccountCheck].self, from: Data(bytes)) == checks)
        #expect(try bytes.withUnsafeBytes { try AccountCheck.read($0) } == checks)
    }

    @Test(
        "What is unknown, missing, mistyped or cut off is refused",
        arguments: [
            "", "{}x", #"{"operations":[{}]}"#, #"{"operations":[],"more":1}"#,
            #"{"operations":[{"paymentID":1.5}]}"#, #"{"operations":"#,
            #"{"operations":[{"paymentID":1,"kind":"steal","batchID":1,"accountID":"1","#
                + #""amountMinorUnits":1,"paymentType":"C","date":1,"description":""}]}"#,
        ]
    )
    func refused(text: String) {
        #expect(throws: RPCError.self) {
            try Array(text.utf8).withUnsafeBytes { _ = try ApplyPayments.read($0) }
        }
    }

    @Test("An audit event is read as it was written; what is not known is passed over")
    func audit() throws {
        let event = AuditEvent(
            at: "2026-11-25T18:00:00.000Z",
            origin: "batch-service",
            originID: "x/1",
            outcome: .refused,
            actor: "a",
            keyID: "k",
            tokenID: "t",
            peer: "p",
            action: "batch.payments.add",
            scope: "s",
            subject: "payment/1",
            reason: "r",
            requestID: "q",
            change: #"{"before":"\"}"#
        )
        var text = Array(#"{"events":["#.utf8)
        event.append(to: &text)
        text.append(contentsOf: #",{"outcome":"allowed","action":"x","later":[1]}]}"#.utf8)
        let read = try text.withUnsafeBytes { try AuditBatch.read($0) }.events
        #expect(read == [event, AuditEvent(outcome: .allowed, action: "x")])
        #expect(throws: RPCError.self) {
            try Array(#"{"events":[{"action":"x"}]}"#.utf8).withUnsafeBytes {
                _ = try AuditBatch.read($0)
            }
        }
    }
}
